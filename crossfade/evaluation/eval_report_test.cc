// The report as JSON and as a table, literally, and the check of its invariants.
#include "crossfade/evaluation/eval_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

EvalReport example() {
  EvalReport report;
  report.users = {3, 5};
  report.counts = {2, 1, 4, 7, 0, 20};
  report.metrics.push_back({"ndcg", 10, 0.25, {0.125, 0.5}, {0, 0.5}});
  report.metrics.push_back({"coverage", 10, 0.75, {}, {}});
  report.warnings = {"One user has no recommendations."};
  return report;
}

TEST(EvalReport, Json) {
  EXPECT_EQ(to_text(to_json(example())),
            "{\"users\": 2, \"metrics\": {"
            "\"ndcg@10\": {\"mean\": 0.25, \"low\": 0.125, \"high\": 0.5}, "
            "\"coverage@10\": {\"mean\": 0.75, \"low\": null, \"high\": null}}, "
            "\"counts\": {\"users_without_list\": 1, \"users_not_in_truth\": 4, \"relevant\": 7, "
            "\"cold_rows\": 0, \"longest_list\": 20}, "
            "\"bootstrap\": {\"resamples\": 1000, \"confidence\": 0.95, \"seed\": 0}, "
            "\"warnings\": [\"One user has no recommendations.\"]}");
}

TEST(EvalReport, Text) {
  EXPECT_EQ(
      to_text(make_document(example(), "Evaluation of als")),
      "Evaluation of als\n"
      "=================\n"
      "\n"
      "metric         mean      95% interval\n"
      "-------------------------------------\n"
      "ndcg@10      0.2500  [0.1250, 0.5000]\n"
      "coverage@10  0.7500                 -\n"
      "\n"
      "2 users scored against 7 relevant items, over the full catalogue. Intervals: bootstrap "
      "over users, 1,000 resamples, seed 0.\n"
      "\n"
      "Note: One user has no recommendations.\n");
}

TEST(EvalReport, CheckNamesWhatIsBroken) {
  EXPECT_TRUE(example().check().ok());
  EvalReport report = example();
  report.users.pop_back();
  EXPECT_THAT(report.check().message(), testing::HasSubstr("2 users lists 1"));
  report = example();
  report.metrics[0].per_user.pop_back();
  EXPECT_THAT(report.check().message(), testing::HasSubstr("ndcg@10 has values for 1 of 2"));
  report = example();
  report.metrics[1].mean = kNotANumber;
  EXPECT_THAT(report.check().message(), testing::HasSubstr("coverage@10 has no mean"));
  report = example();
  report.metrics[0].interval = {1, 0};
  EXPECT_THAT(report.check().message(), testing::HasSubstr("ends before it starts"));
}

TEST(EvalReport, FindByName) {
  const EvalReport report = example();
  EXPECT_EQ(report.find("coverage@10"), &report.metrics[1]);
  EXPECT_EQ(report.find("coverage@1"), nullptr);
}

}  // namespace
}  // namespace crossfade
