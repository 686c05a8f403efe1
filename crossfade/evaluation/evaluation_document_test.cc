// The report of several models: who leads, what stands in it, and that twenty models stay small.
#include "crossfade/evaluation/evaluation_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kMetrics[] = {"ndcg", "recall", "hit_rate", "mrr", "map", "precision"};

EvalReport report_of(double level, std::uint64_t seed) {
  constexpr int kUsers = 400;
  EvalReport report;
  Rng rng(seed);
  report.counts = {kUsers, 0, 0, 900, 0, 20};
  for (int user = 0; user < kUsers; ++user) report.users.push_back(user);
  for (const char* name : kMetrics)
    for (const std::int64_t k : {5, 10, 20}) {
      MetricResult metric{name, k, level, {level - 0.01, level + 0.01}, {}};
      for (int user = 0; user < kUsers; ++user)
        metric.per_user.push_back(level + 0.1 * rng.uniform());
      report.metrics.push_back(std::move(metric));
    }
  report.metrics.push_back({"coverage", 5, 0.2, {}, {}});
  Segmentation& segmentation = report.segments.emplace_back();
  segmentation = {"history", "By the length of a user's history", "Events in train.", {}};
  for (const char* name : {"1 to 4", "5 to 19", "20 on"})
    segmentation.groups.push_back({name, "", 100, 300, {{"ndcg", 5, level, {0, 1}, {}}}});
  return report;
}

EvaluationResults results_of(int models) {
  EvaluationResults results;
  for (int i = 0; i < models; ++i)
    results.models.push_back({"model " + std::to_string(i), report_of(0.1 + 0.01 * i, 7)});
  ThreadPool threads(2);
  EXPECT_TRUE(compare_with_first(results, {}, threads).ok());
  return results;
}

TEST(EvaluationDocument, SummaryNamesTheLeader) {
  const auto document = evaluation_document(results_of(3), {.title = "A run"});
  ASSERT_TRUE(document.ok()) << document.status().message();
  const std::string text = to_text(*document);
  EXPECT_THAT(text, HasSubstr("A run\n=====\n\nmodel 2 leads with ndcg@5 of 0.1200 [0.1100, "
                              "0.1300] on 400 users. It is ahead of model 0 by 0.0200"));
  for (const char* heading : {"\nModels\n------", "\nCoverage and novelty", "\nSegments\n",
                              "\nDifferences\n", "\nEvery metric\n"})
    EXPECT_THAT(text, HasSubstr(heading));
  EXPECT_THAT(text, Not(HasSubstr("Provenance")));
}

TEST(EvaluationDocument, OneModelIsNotComparedWithAnything) {
  EvaluationResults results = results_of(1);
  results.models[0].report.segments.clear();
  const std::string text = to_text(*evaluation_document(results, {}));
  EXPECT_THAT(text, Not(HasSubstr("leads")));
  EXPECT_THAT(text, Not(HasSubstr("Differences")));
  EXPECT_THAT(text, Not(HasSubstr("Segments")));
  EXPECT_THAT(text, HasSubstr("ndcg by the length of the list"));
}

TEST(EvaluationDocument, DataAndProvenanceAreShown) {
  Document data("The log");
  data.add_paragraph("12 rows dropped.");
  EvaluationDocumentOptions options;
  options.data = {data};
  options.provenance = Json::object().set("seed", 7).set(
      "recipe", Json::object().set("name", "movies").set("k", "10"));
  const std::string text = to_markdown(*evaluation_document(results_of(2), options));
  EXPECT_THAT(text, HasSubstr("### The log\n\n12 rows dropped."));
  EXPECT_THAT(text, HasSubstr("| seed | 7 |\n| recipe.name | movies |\n| recipe.k | 10 |"));
}

TEST(EvaluationDocument, AnotherHeadline) {
  const auto document = evaluation_document(results_of(2), {.headline = "recall@10"});
  EXPECT_THAT(to_text(*document), HasSubstr("model 1 leads with recall@10"));
  const auto unknown = evaluation_document(results_of(2), {.headline = "recal@10"});
  EXPECT_EQ(unknown.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(unknown.status().message(), HasSubstr("did you mean 'recall@10'"));
  EXPECT_EQ(evaluation_document({}, {}).status().kind(), StatusKind::kUsage);
}

TEST(EvaluationDocument, WarningsNameTheirModels) {
  EvaluationResults results = results_of(3);
  for (JudgedModel& model : results.models) model.report.warnings = {"Of all."};
  results.models[1].report.warnings.emplace_back("Of one.");
  EXPECT_EQ(warnings_text(results.models), "Of all.\nmodel 1: Of one.");
}

TEST(EvaluationDocument, SegmentsShowTheBestWhereThereAreMany) {
  const PlotBlock plot = segment_plot(results_of(12).models, "history", "ndcg@5");
  EXPECT_EQ(plot.series.size(), 8u);
  EXPECT_EQ(plot.series[0].name, "model 4");
  EXPECT_THAT(plot.caption, HasSubstr("the best 8 models"));
  EXPECT_EQ(plot.categories.size(), 3u);
}

TEST(EvaluationDocument, OfTwentyModelsIsUnderThreeMegabytes) {
  const std::string html = to_html(*evaluation_document(results_of(20), {}));
  EXPECT_LT(html.size(), 3'000'000u);
  EXPECT_THAT(html, HasSubstr("model 19"));
}

}  // namespace
}  // namespace crossfade
