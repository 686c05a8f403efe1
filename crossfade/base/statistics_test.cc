// Statistics against closed forms, published tables, and coverage on planted populations.
#include "crossfade/base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

std::vector<double> normals(std::int64_t count, double mean, double deviation, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(mean + deviation * rng.normal());
  return values;
}

TEST(Statistics, NormalAndStudentMatchTables) {
  EXPECT_NEAR(normal_cdf(1.96), 0.9750021048517795, 1e-14);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.8), 0.8416212335729143, 1e-13);
  EXPECT_NEAR(student_two_sided_p(2.228138852, 10), 0.05, 1e-10);
  EXPECT_NEAR(student_two_sided_p(-12.7062047362, 1), 0.05, 1e-10);
  EXPECT_DOUBLE_EQ(student_two_sided_p(0, 5), 1);
  EXPECT_NEAR(student_quantile(0.975, 10), 2.228138851986274, 1e-12);
  EXPECT_NEAR(student_quantile(0.025, 1), -12.706204736174694, 1e-10);
  EXPECT_NEAR(chi_squared_upper_p(3.841458820694124, 1), 0.05, 1e-13);
  EXPECT_NEAR(chi_squared_upper_p(11.070497693516351, 5), 0.05, 1e-13);
  EXPECT_DOUBLE_EQ(chi_squared_upper_p(0, 3), 1);
}

TEST(Statistics, MomentsAndQuantiles) {
  std::vector<double> values{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(mean_of(values), 2.5);
  EXPECT_DOUBLE_EQ(standard_deviation_of(values), std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(quantile_of(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile_of(values, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile_of(values, 1), 4);
  EXPECT_TRUE(std::isnan(mean_of({})));
  EXPECT_TRUE(std::isnan(standard_deviation_of(std::vector<double>{1})));
}

TEST(Statistics, MinimumDetectableEffect) {
  // (1.959964 + 0.841621) * 0.5 / sqrt(10000)
  EXPECT_NEAR(minimum_detectable_effect(0.5, 10000), 0.014007926, 1e-9);
}

// The width of a mean's interval is known: 2 * 1.96 * sd / sqrt(n), with and without groups.
TEST(Statistics, BootstrapWidthIsTheStandardErrors) {
  ThreadPool threads(2);
  for (const std::int64_t count : {2000, 50000}) {
    const std::vector<double> values = normals(count, 1, 2, 7);
    BootstrapOptions options;
    options.resamples = 4000;
    const Interval interval = bootstrap_mean(values, options, threads);
    const double error = standard_deviation_of(values) / std::sqrt(static_cast<double>(count));
    EXPECT_NEAR((interval.high - interval.low) / (2 * 1.959964 * error), 1, 0.05) << count;
    EXPECT_NEAR((interval.high + interval.low) / 2, mean_of(values), 0.1 * error) << count;
  }
}

// Columns are resampled together, so a ratio of two that are proportional never varies.
TEST(Statistics, ResamplesOfColumnsBelongTogether) {
  ThreadPool threads(2);
  const std::vector<double> values = normals(500, 5, 1, 3);
  std::vector<double> doubled = values;
  for (double& value : doubled) value *= 2;
  const std::span<const double> columns[] = {values, doubled};
  const auto means = bootstrap_resamples(columns, {.resamples = 200}, threads);
  ASSERT_EQ(means[0].size(), 200u);
  for (std::size_t r = 0; r < 200; ++r) EXPECT_NEAR(means[1][r] / means[0][r], 2, 1e-12);
  EXPECT_GT(standard_deviation_of(means[0]), 0.03);
  const std::span<const double> nothing[] = {{}};
  EXPECT_TRUE(std::isnan(bootstrap_resamples(nothing, {.resamples = 3}, threads)[0][2]));
}

// Users sorted by value: a group must not be a run of neighbours, nor every 4096th.
TEST(Statistics, OrderOfUsersDoesNotMatter) {
  ThreadPool threads(2);
  std::vector<double> rising(50000), parity(50000);
  for (std::size_t i = 0; i < rising.size(); ++i) {
    rising[i] = static_cast<double>(i);
    parity[i] = static_cast<double>(i % 4096 % 2);
  }
  for (const auto* values : {&rising, &parity}) {
    const Interval interval = bootstrap_mean(*values, {.resamples = 4000}, threads);
    const double error = standard_deviation_of(*values) / std::sqrt(50000.0);
    EXPECT_NEAR((interval.high - interval.low) / (2 * 1.959964 * error), 1, 0.06);
  }
}

// 95% intervals of 400 samples of a skewed 0/1 population hold the truth about 95 times in 100.
TEST(Statistics, BootstrapCoversTheTruth) {
  ThreadPool threads(2);
  int covered = 0;
  for (std::uint64_t sample = 0; sample < 400; ++sample) {
    Rng rng(sample + 100);
    std::vector<double> values(500);
    for (double& value : values) value = rng.uniform() < 0.2 ? 1 : 0;
    const Interval interval = bootstrap_mean(values, {.resamples = 400, .seed = sample}, threads);
    covered += interval.low <= 0.2 && 0.2 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered,
            366);  // 0.95 * 400 = 380, less three standard deviations and the method's bias
  EXPECT_LE(covered, 394);
}

TEST(Statistics, SameBytesForAnyNumberOfThreads) {
  const std::vector<double> a = normals(10000, 0, 1, 1), b = normals(10000, 0, 1, 2);
  const std::vector<std::span<const double>> columns{a, b};
  ThreadPool one(1), four(4);
  const auto first = bootstrap_means(columns, {}, one), second = bootstrap_means(columns, {}, four);
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_EQ(first[c].low, second[c].low);
    EXPECT_EQ(first[c].high, second[c].high);
  }
  // A column's interval does not depend on its neighbours, but on the seed it does.
  EXPECT_EQ(bootstrap_mean(a, {}, one).low, first[0].low);
  EXPECT_NE(bootstrap_mean(a, {.seed = 1}, one).low, first[0].low);
}

TEST(Statistics, FewValues) {
  ThreadPool threads(1);
  EXPECT_TRUE(std::isnan(bootstrap_mean({}, {}, threads).low));
  const std::vector<double> one{3};
  EXPECT_EQ(bootstrap_mean(one, {}, threads).low, 3);
  EXPECT_EQ(bootstrap_mean(one, {}, threads).high, 3);
  EXPECT_TRUE(std::isnan(bootstrap_mean(one, {.resamples = 0}, threads).low));
}

TEST(Statistics, PairedComparisonByHand) {
  ThreadPool threads(1);
  // d = 1, 2, 3, 4, 5: mean 3, sd 1.5811, t = 3 / 0.70711 = 4.24264, p (4 df) = 0.0132356.
  const std::vector<double> a{1, 1, 1, 1, 1}, b{2, 3, 4, 5, 6};
  const PairedComparison result = compare_paired(a, b, {}, threads);
  EXPECT_EQ(result.count, 5);
  EXPECT_DOUBLE_EQ(result.mean_a, 1);
  EXPECT_DOUBLE_EQ(result.mean_b, 4);
  EXPECT_DOUBLE_EQ(result.difference, 3);
  EXPECT_NEAR(result.deviation, 1.5811388300841898, 1e-15);
  EXPECT_NEAR(result.p_value, 0.013235599563682, 1e-12);
  EXPECT_NEAR(result.minimum_detectable_effect, 2.8015852 * 1.5811388 / std::sqrt(5.0), 1e-6);
  EXPECT_GT(result.interval.low, 1);
  EXPECT_LT(result.interval.high, 5);
}

TEST(Statistics, PairedComparisonOfEqualAndShiftedValues) {
  ThreadPool threads(1);
  const std::vector<double> a{1, 2}, b{2, 3}, one{1};
  EXPECT_EQ(compare_paired(a, a, {}, threads).p_value, 1);
  EXPECT_EQ(compare_paired(a, b, {}, threads).p_value, 0);
  EXPECT_TRUE(std::isnan(compare_paired(one, one, {}, threads).p_value));
  EXPECT_EQ(compare_paired(one, one, {}, threads).difference, 0);
}

}  // namespace
}  // namespace crossfade
