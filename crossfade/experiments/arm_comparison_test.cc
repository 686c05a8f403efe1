// Comparisons of arms against numbers that SciPy 1.17 gives for the same data (ttest_ind with
// unequal variances, root finding for Fieller's interval, multivariate normal for Dunnett,
// false_discovery_control, chisquare), and against what has to hold.
#include "crossfade/experiments/arm_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/rng.h"
#include "crossfade/experiments/aa_check.h"
#include "crossfade/experiments/corrections.h"
#include "crossfade/experiments/cuped.h"
#include "crossfade/experiments/sample_ratio.h"

namespace crossfade {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<double> kControl{3.5, 4.25, 2.0, 5.5, 3.0, 4.0, 6.25, 1.5};
const std::vector<double> kTreatment{5.0, 7.5, 3.25, 6.0, 9.5};

TEST(ArmComparison, WelchAsScipy) {
  const ArmComparison result = compare_arms(arm_mean(kControl), arm_mean(kTreatment));
  EXPECT_DOUBLE_EQ(result.control.mean, 3.75);
  EXPECT_DOUBLE_EQ(result.treatment.variance, 5.6875);
  EXPECT_NEAR(result.p_value, 0.08196158849001756, 1e-12);
  EXPECT_NEAR(result.degrees_of_freedom, 6.339116401049021, 1e-12);
  EXPECT_NEAR(result.interval.low, -0.4243118600789417, 1e-10);
  EXPECT_NEAR(result.interval.high, 5.424311860078942, 1e-10);
  EXPECT_FALSE(result.is_significant());
}

TEST(ArmComparison, PercentAsPublishedAndOfTheTrueRatio) {
  const ArmComparison result = compare_arms(arm_mean(kControl), arm_mean(kTreatment));
  EXPECT_NEAR(result.percent, 66.66666666666667, 1e-10);
  EXPECT_NEAR(result.published_percent.low, -11.314982935438445, 1e-9);
  EXPECT_NEAR(result.published_percent.high, 144.6483162687718, 1e-9);
  EXPECT_NEAR(result.relative_percent.low, -9.68848754755085, 1e-9);
  EXPECT_NEAR(result.relative_percent.high, 195.55565790500245, 1e-9);
  const Interval delta = delta_relative_percent(arm_mean(kControl), arm_mean(kTreatment));
  EXPECT_NEAR(delta.low, -25.536863515289777, 1e-9);
  EXPECT_NEAR(delta.high, 158.87019684862312, 1e-9);
}

TEST(ArmComparison, FewUsersAndNothingThatVaries) {
  const std::vector<double> one{1}, same{2, 2, 2}, zeros{0, 0};
  EXPECT_TRUE(std::isnan(compare_arms(arm_mean(one), arm_mean(kTreatment)).difference));
  EXPECT_TRUE(std::isnan(compare_arms(arm_mean(kControl), arm_mean({})).p_value));
  EXPECT_EQ(compare_arms(arm_mean(same), arm_mean(same)).p_value, 1);
  EXPECT_EQ(compare_arms(arm_mean(zeros), arm_mean(same)).p_value, 0);
  EXPECT_TRUE(std::isnan(compare_arms(arm_mean(zeros), arm_mean(same)).percent));
  // The control's mean is not apart from 0, so no percentage is out of the question.
  const std::vector<double> around_zero{-5, 6, -4, 4};
  const ArmComparison result = compare_arms(arm_mean(around_zero), arm_mean(kTreatment));
  EXPECT_TRUE(std::isnan(result.relative_percent.low));
  EXPECT_FALSE(std::isnan(result.published_percent.low));
}

TEST(ArmComparison, ARatioOfSumsByTheDeltaMethod) {
  const std::vector<double> times{10, 12, 3, 20, 7}, sessions{2, 3, 1, 4, 2};
  const ArmMean mean = arm_mean(linearised_ratio(times, sessions));
  EXPECT_DOUBLE_EQ(mean.mean, 52.0 / 12);
  EXPECT_NEAR(mean.variance, 0.6269290123456793, 1e-14);
  EXPECT_TRUE(
      std::isnan(linearised_ratio(std::vector<double>{1, 2}, std::vector<double>{0, 0})[0]));
}

TEST(ArmComparison, BootstrapAgreesWithFieller) {
  Rng rng(3);
  std::vector<double> control, treatment, ones(2000, 1);
  for (int i = 0; i < 2000; ++i) {
    control.push_back(10 + 3 * rng.normal());
    treatment.push_back(11 + 3 * rng.normal());
  }
  ThreadPool threads(2);
  const ArmComparison result = compare_arms(arm_mean(control), arm_mean(treatment));
  const double width = result.relative_percent.high - result.relative_percent.low;
  for (const bool has_ones : {false, true}) {
    const std::span<const double> denominators = has_ones ? ones : std::span<const double>();
    const Interval interval = bootstrap_relative_percent(
        {control, denominators}, {treatment, denominators}, {.resamples = 4000}, threads);
    EXPECT_NEAR(interval.low, result.relative_percent.low, 0.06 * width);
    EXPECT_NEAR(interval.high, result.relative_percent.high, 0.06 * width);
  }
  EXPECT_TRUE(std::isnan(bootstrap_relative_percent({}, {treatment, {}}, {}, threads).low));
}

TEST(Corrections, HolmAndBenjaminiHochberg) {
  const std::vector<double> p{0.01, 0.04, kNotANumber, 0.03, 0.005};
  const auto by_holm = holm(p);
  EXPECT_NEAR(by_holm[0], 0.03, 1e-15);
  EXPECT_NEAR(by_holm[1], 0.06, 1e-15);  // 0.04, but not below the one before it
  EXPECT_TRUE(std::isnan(by_holm[2]));
  EXPECT_NEAR(by_holm[3], 0.06, 1e-15);
  EXPECT_NEAR(by_holm[4], 0.02, 1e-15);
  const auto by_bh = benjamini_hochberg(p);
  EXPECT_NEAR(by_bh[0], 0.02, 1e-15);
  EXPECT_NEAR(by_bh[1], 0.04, 1e-15);
  EXPECT_NEAR(by_bh[3], 0.04, 1e-15);
  EXPECT_NEAR(by_bh[4], 0.02, 1e-15);
}

TEST(Corrections, DunnettAsAMultivariateNormal) {
  const std::vector<double> p{0.01241933065155231, 0.31731050786291415, 0.0278069};
  const auto adjusted = dunnett(p, std::vector<double>{0.5, 0.5, 0.5});
  EXPECT_NEAR(adjusted[0], 0.033582921406, 1e-6);
  EXPECT_NEAR(adjusted[1], 0.624332514466, 1e-6);
  EXPECT_NEAR(adjusted[2], 0.072398809287, 1e-6);
  const std::vector<double> alone{0.03, kNotANumber};
  EXPECT_EQ(dunnett(alone, std::vector<double>{0.5, 0.5})[0], 0.03);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_LT(adjusted[i], std::min(1.0, 3 * p[i]));
}

TEST(Corrections, AreCalledByName) {
  EXPECT_EQ(*correction_from_name("bh"), Correction::kBenjaminiHochberg);
  EXPECT_THAT(correction_from_name("hom").status().message(), HasSubstr("holm"));
}

TEST(SampleRatio, AsScipy) {
  const std::vector<std::int64_t> halves{520, 480}, thirds{810, 95, 95}, off{600, 400};
  EXPECT_NEAR(check_sample_ratio(halves, {}).p_value, 0.20590321073206466, 1e-12);
  const std::vector<double> weights{8, 1, 1};
  EXPECT_NEAR(check_sample_ratio(thirds, weights).p_value, 0.7316156289466418, 1e-12);
  EXPECT_TRUE(check_sample_ratio(off, {}).is_alarm());
  EXPECT_FALSE(check_sample_ratio(halves, {}).is_alarm());
  const std::vector<std::int64_t> one{5}, none{0, 0};
  EXPECT_TRUE(std::isnan(check_sample_ratio(one, {}).p_value));
  EXPECT_FALSE(check_sample_ratio(none, {}).is_alarm());
  const std::vector<double> stopped{1, 1, 0};
  EXPECT_EQ(check_sample_ratio(thirds, stopped).p_value, 0);
}

TEST(Cuped, TakesTheVarianceThatThePastExplains) {
  Rng rng(5);
  std::vector<CupedArm> arms(2);
  for (int i = 0; i < 20000; ++i) {
    const double taste = rng.normal();
    arms[static_cast<std::size_t>(i % 2)].covariates.push_back(i % 10 < 2 ? kNotANumber
                                                                          : 5 + taste);
    arms[static_cast<std::size_t>(i % 2)].values.push_back(2 + taste + 0.5 * rng.normal() + i % 2);
  }
  const CupedResult result = cuped(arms);
  EXPECT_EQ(result.users_with_past, 16000);
  EXPECT_NEAR(result.theta, 1, 0.02);
  // Of a variance of 1.25 that of the taste goes, for eight users of ten.
  EXPECT_NEAR(arm_mean(result.values[0]).variance, 0.25 + 0.2, 0.03);
  const auto difference = compare_arms(arm_mean(result.values[0]), arm_mean(result.values[1]));
  EXPECT_NEAR(difference.difference, 1, 4 * difference.standard_error);
}

TEST(Cuped, WithoutAPastNothingChanges) {
  const std::vector<CupedArm> arms{{{1, 2, 3}, {kNotANumber, kNotANumber, kNotANumber}},
                                   {{4, 5}, {kNotANumber, kNotANumber}}};
  EXPECT_THAT(cuped(arms).values[0], ElementsAre(1, 2, 3));
  const std::vector<CupedArm> flat{{{1, 2}, {7, 7}}, {{4, 5}, {7, 7}}};
  EXPECT_THAT(cuped(flat).values[1], ElementsAre(4, 5));
  EXPECT_EQ(cuped(flat).theta, 0);
}

TEST(AaCheck, FindsAlphaOnHonestDataAndIsSeededNotThreaded) {
  Rng rng(8);
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(std::exp(rng.normal()));
  ThreadPool one(1), three(3);
  const AaCheck check = check_aa(values, 4000, 0.05, 1, one);
  EXPECT_NEAR(check.rate(), 0.05, 4 * std::sqrt(0.05 * 0.95 / 4000));
  EXPECT_LT(check.interval.low, check.rate());
  EXPECT_GT(check.interval.high, check.rate());
  EXPECT_EQ(check.alarms, check_aa(values, 4000, 0.05, 1, three).alarms);
  EXPECT_NE(check.alarms, check_aa(values, 4000, 0.05, 2, three).alarms);
  EXPECT_EQ(check_aa(std::vector<double>{1, 2}, 10, 0.05, 1, one).trials, 0);
}

TEST(AaCheck, AnAlarmIsMoreThanChance) {
  EXPECT_FALSE((AaCheck{.trials = 1000, .alarms = 70, .interval = {}}).is_alarm(0.05));
  EXPECT_TRUE((AaCheck{.trials = 1000, .alarms = 80, .interval = {}}).is_alarm(0.05));
  EXPECT_FALSE((AaCheck{.trials = 1000, .alarms = 0, .interval = {}}).is_alarm(0.05));
  EXPECT_FALSE(AaCheck().is_alarm(0.05));
}

// One user who listens more than all the others together: the t test hardly ever speaks up.
TEST(AaCheck, NoticesATailThatTheTestCannotBear) {
  std::vector<double> values(100, 1);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.01 * static_cast<double>(i % 7);
  values[0] = 1e6;
  ThreadPool threads(1);
  const AaCheck check = check_aa(values, 1000, 0.05, 1, threads);
  EXPECT_LT(check.rate(), 0.01);
  EXPECT_LT(check.interval.high, 0.05);
}

}  // namespace
}  // namespace crossfade
