// Trials: thousands of experiments whose truth is known, to see whether the statistics of this room
// keep their promises. Short in the unit tests, full in bench/experiments_driver.cc.
//
// Three populations of users, who return a random number of times:
//   normal     sessions' times are normal around each user's own mean
//   listening  times are log-normal, a few users come very often: what logs of music look like
//   heavy      times have a Pareto tail with exponent 2.5: a variance, but no third moment
// A treatment multiplies the time of every session, so its relative effect is known exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

enum class Population { kNormal, kListening, kHeavy };
std::string population_name(Population population);

struct TrialOptions {
  Population population = Population::kListening;
  std::int64_t trials = 1000;
  std::int64_t users_per_arm = 1000;
  double effect_percent = 0;
  double alpha = 0.05;
  bool is_sum = false;  // sequential trials look at the users' time, which grows as they return
  std::uint64_t seed = 1;
};

// Shares of the trials.
struct FixedOutcome {
  std::string metric;
  double alarms = 0;            // p < alpha: false ones where there is no effect, else the power
  double published_covers = 0;  // the published percent interval holds the true effect
  double relative_covers = 0;   // Fieller's
  double delta_covers = 0;
  double cuped_alarms = 0, cuped_covers = 0;  // with a past as long as the experiment
  double variance_left = 0;                   // by CUPED, of the plain variance
};
// For the metrics time, mean_time_per_session and time_per_session.
std::vector<FixedOutcome> run_fixed_trials(const TrialOptions& options, ThreadPool& threads);

struct SequentialOutcome {
  double alarms = 0;          // stopped at some look
  double mean_stop = 1;       // share of the users seen by then; 1 for those who never stop
  double final_covers = 0;    // the confidence sequence holds the truth at every look
  double fixed_alarms = 0;    // of the fixed test, looked at once at the end
  double peeking_alarms = 0;  // of the fixed test, looked at as often
};
// A look after every session, of mean_time_per_session (or time: a sum); users arrive and return in
// random order.
SequentialOutcome run_sequential_trials(const TrialOptions& options, ThreadPool& threads);

struct BanditOptions {
  std::int64_t trials = 1000, rows = 5000;
  double sharpness = 1;   // how far the other policy is from the logged one: 0 the same
  bool is_heavy = false;  // log-normal rewards instead of shares in [0, 1]
  std::int64_t rows_per_user = 5;
  std::uint64_t seed = 1;
};
struct BanditOutcome {
  std::string estimator;
  double covers = 0, bias = 0, deviation = 0;  // bias and deviation of the estimates
  double mean_effective_size = 0;
};
std::vector<BanditOutcome> run_bandit_trials(const BanditOptions& options, ThreadPool& threads);

}  // namespace crossfade
