// The analysis end to end on generated logs: the published numbers against a reference written here
// from the published formulas, and each thing beyond them on a world where it has to show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "crossfade/base/rng.h"
#include "crossfade/experiments/experiment_plots.h"
#include "crossfade/experiments/experiment_result.h"
#include "crossfade/experiments/test_traffic.h"

namespace crossfade {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t kDayMs = 86'400'000;

// Sessions of users over days, written straight into a log. Users are dealt by the hash.
struct World {
  std::int64_t users = 400, days = 4, arms = 2;
  double effect = 1;      // factor on the shares of T1
  double last_day = 1;    // and what it has become on the last day
  double lost_of_t1 = 0;  // share of T1's users whose lines are lost
  std::uint64_t seed = 1;
};

TrafficLog make_log(const World& world) {
  const Experiment experiment = *Experiment::make({.name = "E", .split = world.arms});
  TrafficLog log;
  log.experiments.push_back({"E", {}});
  for (std::int64_t user = 0; user < world.users; ++user) {
    Rng rng(world.seed, static_cast<std::uint64_t>(user));
    const TreatmentIndex arm = experiment.assign(user);
    if (arm == 1 && rng.uniform() < world.lost_of_t1) continue;
    log.user_ids.emplace_back(user);
    const double taste = 0.2 + 0.3 * rng.uniform();
    for (std::int64_t day = 0; day < world.days; ++day) {
      if (rng.uniform() < 0.2) continue;
      const double done =
          static_cast<double>(day) / static_cast<double>(std::max<std::int64_t>(world.days - 1, 1));
      const double factor =
          arm == 1 ? world.effect + done * (world.last_day - 1) * world.effect : 1;
      const auto steps = static_cast<std::int64_t>(rng.below(6));
      const auto start = day * kDayMs + static_cast<std::int64_t>(rng.below(kDayMs / 2));
      for (std::int64_t step = 0; step <= steps; ++step) {
        log.users.push_back(static_cast<UserIndex>(log.user_ids.size() - 1));
        log.times_ns.push_back((start + step * 1000) * kNsPerMs);
        log.is_last.push_back(step == steps);
        log.tracks.push_back(step);
        log.shares.push_back(step == 0 ? 1 : factor * taste * rng.uniform());
        log.latencies_s.push_back(0.001 + 0.001 * rng.uniform());
        log.recommendations.push_back(step + 1);
        log.propensities.push_back(kNotANumber);
        log.experiments[0].treatments.push_back(arm);
      }
    }
  }
  return log;
}

class AnalyzeTest : public testing::Test {
 protected:
  Result<ExperimentResult> analyze(const TrafficLog& log, const ExperimentOptions& options = {},
                                   std::int64_t cut_ms = 0) {
    const SessionList sessions = cut_sessions(log, world_.context.threads);
    const Dealt dealt = *dealt_by_log(log, log.experiments[0]);
    const SessionList during = select_sessions(sessions, {.from_ms = cut_ms});
    const UserSums past = sum_by_user(select_sessions(sessions, {.to_ms = cut_ms}));
    ExperimentInput input{.name = "E", .sessions = during, .dealt = dealt};
    if (cut_ms > 0) {
      input.past = &past;
      input.segments.push_back(activity_segments(past, dealt));
    }
    return analyze_experiment(input, options, world_.context);
  }

  TestContext world_{2};
};

const MetricEffect& effect_on(const ExperimentResult& result, const std::string& metric,
                              TreatmentIndex treatment = 1) {
  for (const MetricEffect& effect : result.effects)
    if (effect.metric.name == metric && effect.treatment == treatment) return effect;
  ADD_FAILURE() << "no effect on " << metric;
  return result.effects[0];
}

// The published analysis, written again: users' sums in maps, sample variances, Welch.
struct Reference {
  std::map<std::int64_t, std::map<std::string, double>> users[2];

  explicit Reference(const TrafficLog& log) {
    std::map<std::int64_t, double> time, tracks, latency;
    for (std::size_t row = 0; row < log.users.size(); ++row) {
      const std::int64_t user =
          std::get<std::int64_t>(log.user_ids[static_cast<std::size_t>(log.users[row])]);
      time[user] += log.shares[row];
      tracks[user] += 1;
      latency[user] += 1000 * log.latencies_s[row];
      if (!log.is_last[row]) continue;
      auto& sums = users[log.experiments[0].treatments[row]][user];
      sums["sessions"] += 1;
      sums["time"] += time[user];
      sums["tracks"] += tracks[user];
      sums["latency"] += latency[user];
      time[user] = tracks[user] = latency[user] = 0;
    }
    for (auto& arm : users)
      for (auto& [user, sums] : arm) {
        sums["mean_request_latency"] = sums["latency"] / sums["tracks"];
        sums["mean_tracks_per_session"] = sums["tracks"] / sums["sessions"];
        sums["mean_time_per_session"] = sums["time"] / sums["sessions"];
      }
  }

  // Mean, and sample variance over the number of users.
  std::pair<double, double> mean(int arm, const std::string& metric) const {
    double sum = 0, squares = 0;
    const double n = static_cast<double>(users[arm].size());
    for (const auto& [user, sums] : users[arm]) sum += sums.at(metric);
    for (const auto& [user, sums] : users[arm]) squares += std::pow(sums.at(metric) - sum / n, 2);
    return {sum / n, squares / (n - 1) / n};
  }
};

TEST_F(AnalyzeTest, ThePublishedNumbers) {
  const TrafficLog log = make_log({.effect = 1.5});
  const Reference reference(log);
  const Json json = checker_json(*analyze(log));
  const auto& effects = *json["all_effects"].as_array();
  ASSERT_EQ(effects.size(), 5u);
  std::vector<std::string> metrics;
  for (const Json& effect : effects) {
    const std::string metric = *effect["metric"].as_string();
    metrics.push_back(metric);
    const auto [m0, v0] = reference.mean(0, metric);
    const auto [m1, v1] = reference.mean(1, metric);
    const double n0 = static_cast<double>(reference.users[0].size());
    const double n1 = static_cast<double>(reference.users[1].size());
    const double freedom = std::pow(v0 + v1, 2) / (v0 * v0 / (n0 - 1) + v1 * v1 / (n1 - 1));
    const double half = student_quantile(0.975, freedom) * std::sqrt(v0 + v1);
    EXPECT_NEAR(effect["control_mean"].number(), m0, 1e-9 * m0) << metric;
    EXPECT_NEAR(effect["treatment_mean"].number(), m1, 1e-9 * m1) << metric;
    EXPECT_NEAR(effect["effect_pct"].number(), 100 * (m1 - m0) / m0, 1e-7) << metric;
    EXPECT_NEAR(effect["lower_pct"].number(), 100 * (m1 - m0 - half) / m0, 1e-7) << metric;
    EXPECT_NEAR(effect["upper_pct"].number(), 100 * (m1 - m0 + half) / m0, 1e-7) << metric;
    EXPECT_EQ(*effect["significant"].as_bool(), std::abs(m1 - m0) > half) << metric;
    EXPECT_EQ(*effect["treatment"].as_string(), "T1");
  }
  EXPECT_THAT(metrics, ElementsAre("time", "sessions", "mean_request_latency",
                                   "mean_tracks_per_session", "mean_time_per_session"));
}

TEST_F(AnalyzeTest, AnEffectIsFoundByAllWays) {
  const ExperimentResult result = *analyze(make_log({.users = 2000, .effect = 1.5}));
  for (const char* metric : {"time", "mean_time_per_session", "time_per_session"}) {
    const MetricEffect& effect = effect_on(result, metric);
    EXPECT_TRUE(effect.is_significant(0.05)) << metric;
    EXPECT_GT(effect.comparison.relative_percent.low, 0) << metric;
    EXPECT_GT(effect.bootstrap_percent.low, 0) << metric;
  }
  EXPECT_FALSE(effect_on(result, "sessions").is_significant(0.05));
  EXPECT_FALSE(result.sample_ratio.is_alarm());
  EXPECT_EQ(result.days[0].days_ms.size(), 4u);
  EXPECT_EQ(result.looks[0].looks.size(), 20u);  // four days are too few
  EXPECT_EQ(result.in_order[0].tracks.size(), 4u);
  EXPECT_LT(result.looks[0].looks.back().p_value, 0.05);
  EXPECT_THAT(result.warnings, IsEmpty());
  EXPECT_EQ(result.aa.size(), 5u);
  EXPECT_EQ(result.aa[0].check.trials, 1000);
}

TEST_F(AnalyzeTest, ThreadsChangeNothing) {
  const TrafficLog log = make_log({.effect = 1.2});
  const std::string two = to_text(to_json(*analyze(log)));
  const SessionList sessions = cut_sessions(log, world_.context.threads);
  const Dealt dealt = *dealt_by_log(log, log.experiments[0]);
  TestContext one(1);
  EXPECT_EQ(two, to_text(to_json(*analyze_experiment(
                     {.name = "E", .sessions = sessions, .dealt = dealt}, {}, one.context))));
}

// Habits carry over, so the past explains much of the noise.
TEST_F(AnalyzeTest, ThePastNarrowsIntervals) {
  const ExperimentResult result =
      *analyze(make_log({.users = 1000, .days = 20}), {.aa_trials = 0}, 10 * kDayMs);
  const MetricEffect& effect = effect_on(result, "mean_time_per_session");
  ASSERT_TRUE(effect.cuped.has_value());
  EXPECT_GT(result.users_with_past, 990);
  EXPECT_LT(effect.cuped->standard_error, 0.97 * effect.comparison.standard_error);
  EXPECT_NEAR(effect.cuped->percent, effect.comparison.percent, 3);
  ASSERT_FALSE(result.segments.empty());
  std::int64_t users = 0;
  for (const SegmentEffect& segment : result.segments)
    users += segment.comparison.control.users + segment.comparison.treatment.users;
  EXPECT_GT(users, 990);
}

// A day before the first of the log is a past of nobody.
TEST_F(AnalyzeTest, AnEmptyPastIsToldOf) {
  const ExperimentResult result = *analyze(make_log({}), {.aa_trials = 0}, 1);
  EXPECT_EQ(result.users_with_past, 0);
  EXPECT_THAT(result.warnings, Contains(HasSubstr("time before the experiment")));
}

TEST_F(AnalyzeTest, WearingOffIsToldOf) {
  const ExperimentResult fading = *analyze(
      make_log({.users = 3000, .days = 10, .effect = 2, .last_day = 0.5}), {.aa_trials = 0});
  EXPECT_LT(fading.days[0].trend_percent, 0);
  EXPECT_EQ(fading.looks[0].looks.size(), 10u);  // one a day
  EXPECT_THAT(fading.warnings, Contains(HasSubstr("points a day")));
  const ExperimentResult steady =
      *analyze(make_log({.users = 3000, .days = 10, .effect = 2}), {.aa_trials = 0});
  EXPECT_GT(steady.days[0].trend_p, 0.01);
}

TEST_F(AnalyzeTest, LostUsersAreToldOf) {
  const ExperimentResult result =
      *analyze(make_log({.users = 3000, .lost_of_t1 = 0.15}), {.aa_trials = 0});
  EXPECT_TRUE(result.sample_ratio.is_alarm());
  EXPECT_THAT(result.warnings, Contains(HasSubstr("sample-ratio mismatch")));
}

TEST_F(AnalyzeTest, SeveralTreatmentsAreCorrected) {
  const TrafficLog log = make_log({.users = 3000, .arms = 4});
  for (const Correction correction :
       {Correction::kHolm, Correction::kBenjaminiHochberg, Correction::kDunnett}) {
    const ExperimentResult result = *analyze(log, {.correction = correction, .aa_trials = 0});
    EXPECT_EQ(result.effects.size(), 3 * all_user_metrics().size());
    for (const MetricEffect& effect : result.effects)
      EXPECT_GE(effect.adjusted_p, effect.comparison.p_value);
  }
  const ExperimentResult plain = *analyze(log, {.correction = Correction::kNone, .aa_trials = 0});
  EXPECT_EQ(plain.effects[0].adjusted_p, plain.effects[0].comparison.p_value);
}

TEST_F(AnalyzeTest, UsersInBothArmsAreLeftOut) {
  TrafficLog log = make_log({});
  log.experiments[0].treatments[0] =
      static_cast<TreatmentIndex>(1 - log.experiments[0].treatments[0]);
  const ExperimentResult result = *analyze(log);
  EXPECT_EQ(result.users_in_several, 1);
  EXPECT_EQ(result.arms[0].users + result.arms[1].users, 399);
  EXPECT_THAT(result.warnings, Contains(HasSubstr("more than one arm")));
}

TEST_F(AnalyzeTest, EmptyArmsAreNamed) {
  TrafficLog log = make_log({.users = 40});
  for (TreatmentIndex& arm : log.experiments[0].treatments) arm = 1;
  EXPECT_THAT(analyze(log).status().message(), HasSubstr("no user of the control C"));
  for (TreatmentIndex& arm : log.experiments[0].treatments) arm = 0;
  EXPECT_THAT(analyze(log).status().message(), HasSubstr("no user of a treatment"));
  log.experiments[0].treatments.assign(log.users.size(), kNoTreatment);
  EXPECT_THAT(dealt_by_log(log, log.experiments[0]).status().message(),
              HasSubstr("no line says C, T1"));
}

TEST_F(AnalyzeTest, OneUserCannotBeCompared) {
  TrafficLog log = make_log({.users = 40});
  for (std::size_t row = 0; row < log.users.size(); ++row)
    log.experiments[0].treatments[row] = log.users[row] == 7 ? 2 : 0;
  const ExperimentResult result = *analyze(log);
  EXPECT_THAT(result.warnings, Contains(HasSubstr("Arm T1 has 0 users")));
  EXPECT_THAT(result.warnings, Contains(HasSubstr("Arm T2 has 1 user with")));
  EXPECT_TRUE(std::isnan(effect_on(result, "time", 2).comparison.difference));
  EXPECT_THAT(to_text(brief_document(result)), HasSubstr("cannot be compared"));
  EXPECT_THAT(to_text(checker_json(result)), HasSubstr("\"effect_pct\": null"));
}

// Two users of each arm: the control's mean is not apart from 0, so there is no relative interval.
TEST_F(AnalyzeTest, WhatIsNotKnownIsLeftOutOfTheSentences) {
  TrafficLog log = make_log({.users = 4});
  for (std::size_t row = 0; row < log.users.size(); ++row) {
    log.experiments[0].treatments[row] = static_cast<TreatmentIndex>(log.users[row] % 2);
    if (log.users[row] == 0) log.shares[row] = 0;
  }
  ExperimentResult result = *analyze(log);
  const MetricEffect& effect = effect_on(result, "mean_time_per_session");
  EXPECT_FALSE(std::isnan(effect.comparison.percent));
  EXPECT_TRUE(std::isnan(effect.comparison.relative_percent.low));
  EXPECT_THAT(to_text(brief_document(result)),
              AllOf(HasSubstr("T1: mean_time_per_session changes"), Not(HasSubstr("nan"))));
  for (std::size_t row = 0; row < log.users.size(); ++row)
    if (log.users[row] == 2) log.shares[row] = 0;
  EXPECT_THAT(to_text(brief_document(*analyze(log))),
              AllOf(HasSubstr("has a mean of 0 in the control"), Not(HasSubstr("nan"))));
}

TEST_F(AnalyzeTest, OptionsOutOfRangeAreSentences) {
  const TrafficLog log = make_log({.users = 40});
  EXPECT_THAT(analyze(log, {.metric = "tyme"}).status().message(), HasSubstr("time"));
  EXPECT_THAT(analyze(log, {.alpha = 1}).status().message(), HasSubstr("alpha"));
  EXPECT_THAT(analyze(log, {.weights = {1}}).status().message(), HasSubstr("1 weight for the 2"));
  EXPECT_THAT(analyze(log, {.weights = {1, -1}}).status().message(), HasSubstr("at least 0"));
  EXPECT_THAT(analyze(log, {.looks = -1}).status().message(), HasSubstr("looks"));
  EXPECT_THAT(analyze(log, {.planned_users = 0}).status().message(), HasSubstr("planned users"));
}

TEST_F(AnalyzeTest, ALogWithoutLatenciesHasNoLatencyMetric) {
  TrafficLog log = make_log({});
  log.latencies_s.assign(log.users.size(), kNotANumber);
  const ExperimentResult result = *analyze(log);
  EXPECT_TRUE(std::isnan(effect_on(result, "mean_request_latency").comparison.difference));
  EXPECT_FALSE(std::isnan(effect_on(result, "time").comparison.difference));
}

TEST_F(AnalyzeTest, ThePageHoldsThePictures) {
  const ExperimentResult result = *analyze(make_log({.effect = 1.3}), {}, 2 * kDayMs);
  const std::string page = to_html(full_document(result));
  for (const char* text : {"Effect of each treatment", "as sessions came in",
                           "of each day by itself", "Tracks of the users", "Time of the users",
                           "activity before", "Can it be trusted?", "with CUPED"})
    EXPECT_THAT(page, HasSubstr(text));
  EXPECT_EQ(effects_plot(result).series[0].y.size(), 4u);
  EXPECT_EQ(latency_plot(result).series[0].y.size(), 1u);
}

// Users dealt again by the hash are those whom the service dealt.
TEST_F(AnalyzeTest, TheHashDealsAsTheLogSays) {
  const TrafficLog log = make_log({.days = 20, .arms = 3});
  const Dealt said = *dealt_by_log(log, log.experiments[0]);
  const Dealt hashed = dealt_by_hash(log, *Experiment::make({.name = "E", .split = 3}));
  EXPECT_EQ(said.arm_of_user, hashed.arm_of_user);
  EXPECT_EQ(said.num_arms, hashed.num_arms);
}

}  // namespace
}  // namespace crossfade
