// Results through JSON and back, and what is not JSON of ours.
#include "crossfade/evaluation/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::HasSubstr;

EvalReport report_of(double mean) {
  EvalReport report;
  report.users = {1, 2};
  report.counts = {2, 1, 4, 7, 3, 20};
  report.metrics.push_back({"ndcg", 10, mean, {mean - 0.125, mean + 0.125}, {0, 2 * mean}});
  report.metrics.push_back({"coverage", 10, 0.75, {}, {}});
  report.warnings = {"One user has no recommendations."};
  report.segments = {{"warm", "Warm users", "A note.", {{"warm", "2 items", 2, 7, {}}}}};
  report.segments[0].groups[0].metrics.push_back({"ndcg", 10, mean, {0, 1}, {}});
  return report;
}

EvaluationResults example() {
  EvaluationResults results;
  results.models = {{"popular", report_of(0.25)}, {"als", report_of(0.5)}};
  ThreadPool threads(1);
  EXPECT_TRUE(compare_with_first(results, {}, threads).ok());
  return results;
}

TEST(Results, JsonReadsBackAsItWas) {
  const EvaluationResults results = example();
  ASSERT_EQ(results.comparisons.size(), 1u);
  EXPECT_EQ(results.comparisons[0].b, "als");
  const auto parsed = parse_json(to_text(to_json(results)));
  const auto back = results_from_json(*parsed, "file");
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(to_text(to_json(*back)), to_text(to_json(results)));
}

TEST(Results, OneReportIsNamedAfterItsFile) {
  const auto back = results_from_json(to_json(report_of(0.5)), "als-64");
  ASSERT_TRUE(back.ok());
  ASSERT_EQ(back->models.size(), 1u);
  EXPECT_EQ(back->models[0].name, "als-64");
  EXPECT_EQ(back->models[0].report.counts.longest_list, 20);
}

TEST(Results, OtherJsonIsRefusedWithWhatIsMissing) {
  const auto message = [](const char* text) {
    const auto results = results_from_json(*parse_json(text), "file");
    EXPECT_EQ(results.status().kind(), StatusKind::kDataInvalid);
    return results.status().message();
  };
  EXPECT_THAT(message("{}"), HasSubstr("not what evaluate --json writes"));
  EXPECT_THAT(message("[1]"), HasSubstr("not what evaluate --json writes"));
  EXPECT_THAT(message("{\"users\": 3}"), HasSubstr("no object 'metrics'"));
  EXPECT_THAT(message("{\"users\": 3, \"metrics\": {\"ndcg\": {\"mean\": 1}}}"),
              HasSubstr("'ndcg' is not the name of a metric"));
  EXPECT_THAT(message("{\"users\": 3, \"metrics\": {\"ndcg@5\": {}}}"), HasSubstr("mean"));
}

TEST(Results, DifferentTruthsAreNotCompared) {
  EvaluationResults results;
  results.models = {{"a", report_of(0.5)}, {"b", report_of(0.5)}};
  results.models[1].report.users = {1, 3};
  ThreadPool threads(1);
  EXPECT_EQ(compare_with_first(results, {}, threads).kind(), StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
