// Promises of the statistics, by simulation: short here, with the tolerance that so few trials
// deserve (four standard errors); the full trials are bench/experiments_driver.cc.
#include "crossfade/experiments/trials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/experiments/off_policy.h"
#include "crossfade/experiments/power.h"
#include "crossfade/experiments/sequential.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

double tolerance(double share, std::int64_t trials) {
  return 4 * std::sqrt(share * (1 - share) / static_cast<double>(trials));
}

TEST(Trials, FixedHorizon) {
  ThreadPool threads(2);
  const TrialOptions options{.trials = 1000, .users_per_arm = 300, .effect_percent = 0};
  for (const FixedOutcome& outcome : run_fixed_trials(options, threads)) {
    EXPECT_NEAR(outcome.alarms, 0.05, tolerance(0.05, 1000)) << outcome.metric;
    EXPECT_NEAR(outcome.published_covers, 0.95, tolerance(0.05, 1000)) << outcome.metric;
    EXPECT_NEAR(outcome.cuped_alarms, 0.05, tolerance(0.05, 1000)) << outcome.metric;
    EXPECT_LT(outcome.variance_left, 0.97) << outcome.metric;
  }
}

// At a large effect the published interval forgets the control's noise; Fieller's does not.
TEST(Trials, RelativeEffects) {
  ThreadPool threads(2);
  const TrialOptions options{.trials = 1000, .users_per_arm = 300, .effect_percent = 100};
  for (const FixedOutcome& outcome : run_fixed_trials(options, threads)) {
    EXPECT_NEAR(outcome.relative_covers, 0.95, tolerance(0.05, 1000)) << outcome.metric;
    EXPECT_NEAR(outcome.cuped_covers, 0.95, tolerance(0.05, 1000)) << outcome.metric;
    EXPECT_LT(outcome.published_covers, 0.92) << outcome.metric;
    EXPECT_GT(outcome.alarms, 0.98) << outcome.metric;
  }
}

TEST(Trials, LookingAllTheTime) {
  ThreadPool threads(2);
  TrialOptions options{.trials = 400, .users_per_arm = 300};
  const SequentialOutcome none = run_sequential_trials(options, threads);
  EXPECT_LT(none.alarms, 0.055 + tolerance(0.05, 400));
  EXPECT_GT(none.final_covers, 0.95 - tolerance(0.05, 400));
  EXPECT_GT(none.peeking_alarms, 0.15);  // what the fixed test does when looked at all the time
  options.is_sum = true;
  EXPECT_LT(run_sequential_trials(options, threads).alarms, 0.055 + tolerance(0.05, 400));
  options.is_sum = false;
  options.effect_percent = 60;
  const SequentialOutcome large = run_sequential_trials(options, threads);
  EXPECT_GT(large.alarms, 0.95);
  EXPECT_LT(large.mean_stop, 0.8);
}

TEST(Trials, OffPolicy) {
  ThreadPool threads(2);
  for (const bool is_heavy : {false, true})
    for (const BanditOutcome& outcome :
         run_bandit_trials({.trials = 400, .rows = 1500, .is_heavy = is_heavy}, threads)) {
      EXPECT_NEAR(outcome.covers, 0.95, tolerance(0.05, 400)) << outcome.estimator << is_heavy;
      EXPECT_LT(std::abs(outcome.bias), 4 * outcome.deviation / std::sqrt(400.0))
          << outcome.estimator << is_heavy;
    }
}

TEST(Trials, ThreadsChangeNothing) {
  ThreadPool one(1), three(3);
  const TrialOptions options{.trials = 20, .users_per_arm = 100, .effect_percent = 10};
  EXPECT_EQ(run_fixed_trials(options, one)[1].variance_left,
            run_fixed_trials(options, three)[1].variance_left);
  EXPECT_EQ(run_sequential_trials(options, one).mean_stop,
            run_sequential_trials(options, three).mean_stop);
}

TEST(Sequential, TheBoundIsWhereTheRatioIs) {
  const double mixing = mixing_variance_for(0.5, 0.05);
  for (const double variance : {4.0, 0.5, 0.01}) {
    const double radius = always_valid_radius(variance, mixing, 0.05);
    EXPECT_NEAR(always_valid_p(radius, variance, mixing), 0.05, 1e-12);
    EXPECT_GT(radius, 1.96 * std::sqrt(variance));
  }
  // Narrowest against the noise where it was asked for.
  const auto relative = [&](double variance) {
    return always_valid_radius(variance, mixing, 0.05) / std::sqrt(variance);
  };
  EXPECT_LT(relative(0.5), relative(0.4));
  EXPECT_LT(relative(0.5), relative(0.6));
  EXPECT_EQ(always_valid_p(0, 0, 1), 1);
  EXPECT_EQ(always_valid_p(1, 0, 1), 0);
}

TEST(Sequential, TheFirstLooksWait) {
  SequentialTest test(10000, 0.05);
  const auto arms = [](std::int64_t users, double difference) {
    return compare_arms({users, 10, 4}, {users, 10 + difference, 4});
  };
  EXPECT_FALSE(test.look(arms(kUsersBeforeFirstLook - 1, 9)).counts);
  const Look early = test.look(arms(kUsersBeforeFirstLook, 0.1));
  EXPECT_TRUE(early.counts);
  EXPECT_LT(early.always_valid.low, 0);
  const Look sure = test.look(arms(5000, 1));
  EXPECT_LT(sure.p_value, 0.001);
  EXPECT_EQ(test.look(arms(6000, 0)).p_value, sure.p_value);  // what was sure once stays so
}

// N = 2 s^2 * 2 * (1.96 + 0.84)^2 / (0.05 * 3.8)^2 for two halves, by SciPy's quantiles.
TEST(Power, SampleSizeAndItsInverse) {
  PlanOptions options{.mean = 3.8, .deviation = 2.5, .users_per_day = 500, .effect_percent = 5};
  const Plan plan = *plan_experiment(options);
  EXPECT_EQ(plan.users, 5436);
  EXPECT_EQ(plan.arm_users[0], 2718);
  EXPECT_NEAR(plan.days, 10.872, 1e-9);
  options.effect_percent = 0;
  options.users = plan.users;
  EXPECT_NEAR(plan_experiment(options)->effect_percent, 5, 0.001);
  options.correlation = 0.6;
  EXPECT_NEAR(plan_experiment(options)->effect_percent, 4, 0.001);
}

TEST(Power, TheSmallestArmAndTheNumberOfTreatmentsCount) {
  const PlanOptions halves{.mean = 1, .deviation = 1, .effect_percent = 5};
  PlanOptions uneven = halves, three = halves;
  uneven.weights = {9, 1};
  three.split = 3;
  const double base = static_cast<double>(plan_experiment(halves)->users);
  EXPECT_NEAR(static_cast<double>(plan_experiment(uneven)->users) / base, (1 / 0.9 + 10) / 4,
              0.001);
  EXPECT_GT(static_cast<double>(plan_experiment(three)->users) / base, 1.5);  // alpha / 2 as well
}

// Planned power is the power that comes out, for both kinds of test.
TEST(Power, IsKept) {
  ThreadPool threads(2);
  // mean_time_per_session of these users: a taste of variance 1, and sessions of variance 1.5^2
  // over n = 1 + geometric(mean 2) of them, E[1 / n] = ln(3) / 2.
  PlanOptions options{
      .mean = 4, .deviation = std::sqrt(1 + 2.25 * std::log(3.0) / 2), .effect_percent = 5};
  for (const bool is_sequential : {false, true}) {
    options.is_sequential = is_sequential;
    const Plan plan = *plan_experiment(options);
    const TrialOptions trials{.population = Population::kNormal,
                              .trials = 400,
                              .users_per_arm = plan.arm_users[0],
                              .effect_percent = 5};
    const SequentialOutcome outcome = run_sequential_trials(trials, threads);
    EXPECT_NEAR(is_sequential ? outcome.alarms : outcome.fixed_alarms, 0.8, 0.09) << is_sequential;
    if (is_sequential) {
      EXPECT_GT(plan.inflation, 1.2);
      EXPECT_LT(plan.inflation, 2);
    }
  }
}

TEST(Power, MistakesAreSentences) {
  const auto error = [](const PlanOptions& options) {
    return plan_experiment(options).status().message();
  };
  PlanOptions good{.mean = 1, .deviation = 1, .effect_percent = 5};
  const auto with = [&](auto change) {
    PlanOptions options = good;
    change(options);
    return error(options);
  };
  EXPECT_THAT(with([](auto& o) { o.mean = 0; }), HasSubstr("mean"));
  EXPECT_THAT(with([](auto& o) { o.deviation = 0; }), HasSubstr("deviation"));
  EXPECT_THAT(with([](auto& o) { o.alpha = 1; }), HasSubstr("alpha"));
  EXPECT_THAT(with([](auto& o) { o.power = 0; }), HasSubstr("power"));
  EXPECT_THAT(with([](auto& o) { o.correlation = 1; }), HasSubstr("correlation"));
  EXPECT_THAT(with([](auto& o) { o.split = 1; }), HasSubstr("2 to 1,000"));
  EXPECT_THAT(with([](auto& o) { o.weights = {1, 0}; }), HasSubstr("weight above 0"));
  EXPECT_THAT(with([](auto& o) { o.weights = {1}; }), HasSubstr("one arm"));
  EXPECT_THAT(with([](auto& o) { o.looks = 0; }), HasSubstr("looks"));
  EXPECT_THAT(with([](auto& o) { o.users = 5; }), HasSubstr("not both"));
  EXPECT_THAT(with([](auto& o) { o.effect_percent = 0; }), HasSubstr("either"));
  EXPECT_THAT(with([](auto& o) { o.effect_percent = -5; }), HasSubstr("above 0"));
  EXPECT_THAT(with([](auto& o) { o.users_per_day = -1; }), HasSubstr("per day"));
  EXPECT_THAT(with([](auto& o) { o.effect_percent = 1e-9; }), HasSubstr("more users"));
}

TEST(OffPolicy, ByHand) {
  const std::vector<double> rewards{1, 0, 1, 0.5}, logged{0.5, 0.5, 0.25, 0.25},
      target{0.5, 0.25, 0.5, 0};
  const OffPolicyResult result = *estimate_off_policy({rewards, logged, target});
  EXPECT_DOUBLE_EQ(result.estimates[0].value, (1 * 1 + 0.5 * 0 + 2 * 1 + 0) / 4.0);
  EXPECT_DOUBLE_EQ(result.estimates[1].value, 3 / 3.5);
  EXPECT_DOUBLE_EQ(result.effective_size, 3.5 * 3.5 / (1 + 0.25 + 4));
  EXPECT_DOUBLE_EQ(result.mean_weight.value, 0.875);
  EXPECT_DOUBLE_EQ(result.logged_value, 0.625);
  EXPECT_THAT(result.warnings[0], HasSubstr("effective sample size is 2.3 of 4"));
  const std::vector<double> model{0.5, 0.5, 0.5, 0.5}, expected{0.6, 0.4, 0.6, 0.4};
  const OffPolicyResult robust = *estimate_off_policy({rewards, logged, target, model, expected});
  const double residual = 1 * 0.5 + 0.5 * -0.5 + 2 * 0.5 + 0;
  EXPECT_DOUBLE_EQ(robust.estimates[2].value, 0.5 + residual / 4);
  EXPECT_DOUBLE_EQ(robust.estimates[3].value, 0.5 + residual / 3.5);
}

// The jackknife of a plain mean is its standard error, so the logged policy itself gets that.
TEST(OffPolicy, TheLoggedPolicyIsItsMean) {
  const std::vector<double> rewards{1, 2, 4, 8, 16}, shares(5, 0.2);
  const OffPolicyResult result = *estimate_off_policy({rewards, shares, shares});
  for (const OffPolicyEstimate& estimate : result.estimates) {
    EXPECT_DOUBLE_EQ(estimate.value, 6.2);
    EXPECT_NEAR(estimate.standard_error, standard_deviation_of(rewards) / std::sqrt(5.0), 1e-12);
  }
  const std::vector<std::int64_t> one_user(5, 7);
  const auto clustered = estimate_off_policy({rewards, shares, shares, {}, {}, one_user});
  EXPECT_EQ(clustered->clusters, 1);
  EXPECT_TRUE(std::isnan(clustered->estimates[0].interval.low));
}

TEST(OffPolicy, WarnsAndRefuses) {
  const std::vector<double> rewards(1000, 1), logged(1000, 0.5), twice(1000, 1), none(1000, 0);
  EXPECT_THAT(estimate_off_policy({rewards, logged, logged})->warnings, IsEmpty());
  EXPECT_THAT(estimate_off_policy({rewards, logged, twice})->warnings[0],
              HasSubstr("mean weight is 2.000"));
  EXPECT_THAT(estimate_off_policy({rewards, logged, none})->warnings[0], HasSubstr("says nothing"));
  const auto error = [&](std::vector<double> reward, std::vector<double> p, std::vector<double> q) {
    return estimate_off_policy({reward, p, q}).status().message();
  };
  EXPECT_THAT(error({}, {}, {}), HasSubstr("no answer"));
  EXPECT_THAT(error({1}, {1}, {}), HasSubstr("differ in length"));
  EXPECT_THAT(error({1, kNotANumber}, {1, 1}, {1, 1}), HasSubstr("row 2: the reward"));
  EXPECT_THAT(error({1}, {0}, {1}), HasSubstr("row 1: the propensity is 0"));
  EXPECT_THAT(error({1}, {1}, {2}), HasSubstr("not within 0 to 1"));
}

}  // namespace
}  // namespace crossfade
