// Two reports on the same users, by hand, and what cannot be compared.
#include "crossfade/evaluation/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace crossfade {
namespace {

EvalReport report_of(std::vector<double> ndcg, double coverage) {
  EvalReport report;
  for (std::size_t i = 0; i < ndcg.size(); ++i) report.users.push_back(static_cast<UserIndex>(i));
  report.counts.users = static_cast<std::int64_t>(ndcg.size());
  const double mean = mean_of(ndcg);
  report.metrics.push_back({"ndcg", 10, mean, {}, std::move(ndcg)});
  report.metrics.push_back({"coverage", 10, coverage, {}, {}});
  return report;
}

TEST(Comparison, ByHand) {
  ThreadPool threads(1);
  const auto a = report_of({0.1, 0.1, 0.1, 0.1, 0.1}, 0.5);
  const auto b = report_of({0.2, 0.3, 0.4, 0.5, 0.6}, 0.25);
  const auto comparison = compare(a, b, {}, threads);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->users, 5);
  ASSERT_EQ(comparison->metrics.size(), 2u);
  const PairedComparison& ndcg = comparison->metrics[0].paired;
  EXPECT_NEAR(ndcg.difference, 0.3, 1e-15);
  EXPECT_NEAR(ndcg.p_value, 0.0132356, 1e-7);  // t = 4.24264 with 4 degrees of freedom
  EXPECT_NEAR(ndcg.minimum_detectable_effect, 2.8015852 * 0.15811388 / std::sqrt(5.0), 1e-7);
  EXPECT_GT(ndcg.interval.low, 0.1);
  EXPECT_LT(ndcg.interval.high, 0.5);
  const PairedComparison& coverage = comparison->metrics[1].paired;
  EXPECT_EQ(coverage.difference, -0.25);
  EXPECT_TRUE(std::isnan(coverage.p_value));
}

// The interval of the table is that of the differences alone: metrics do not disturb each other.
TEST(Comparison, IntervalIsThatOfThePairedBootstrap) {
  ThreadPool threads(2);
  std::vector<double> x, y;
  for (int i = 0; i < 1000; ++i) {
    x.push_back(i % 7);
    y.push_back(i % 5);
  }
  const auto comparison = compare(report_of(x, 0), report_of(y, 0), {}, threads);
  const PairedComparison expected = compare_paired(x, y, {}, threads);
  EXPECT_EQ(comparison->metrics[0].paired.interval.low, expected.interval.low);
  EXPECT_EQ(comparison->metrics[0].paired.interval.high, expected.interval.high);
}

TEST(Comparison, OtherUsersAreRefusedAndOtherMetricsLeftOut) {
  ThreadPool threads(1);
  const auto a = report_of({0, 1}, 0);
  const Status status = compare(a, report_of({0, 1, 1}, 0), {}, threads).status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(status.message(), testing::HasSubstr("different users (2 and 3)"));
  auto b = report_of({0, 1}, 0);
  b.metrics[0].k = 20;
  const auto comparison = compare(a, b, {}, threads);
  ASSERT_EQ(comparison->metrics.size(), 1u);
  EXPECT_EQ(comparison->metrics[0].name, "coverage@10");
}

TEST(Comparison, JsonReadsBack) {
  Comparison comparison;
  comparison.users = 1234;
  comparison.bootstrap.seed = 7;
  PairedComparison paired;
  paired.mean_a = 0.25;
  paired.mean_b = 0.5;
  paired.difference = 0.25;
  paired.interval = {0.125, 0.375};
  paired.p_value = 0.03125;
  paired.minimum_detectable_effect = 0.0625;
  comparison.metrics.push_back({"ndcg@10", paired});
  EXPECT_EQ(to_text(to_json(comparison)),
            "{\"users\": 1234, \"metrics\": {\"ndcg@10\": {\"a\": 0.25, \"b\": 0.5, "
            "\"difference\": 0.25, \"low\": 0.125, \"high\": 0.375, \"p_value\": 0.03125, "
            "\"minimum_detectable_effect\": 0.0625}}, "
            "\"bootstrap\": {\"resamples\": 1000, \"confidence\": 0.95, \"seed\": 7}}");
  const auto again = comparison_from_json(to_json(comparison));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(to_text(to_json(*again)), to_text(to_json(comparison)));
}

}  // namespace
}  // namespace crossfade
