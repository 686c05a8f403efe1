// Planning: how many users an experiment needs, or what it can find with those it has.
//
// For a metric with mean m and standard deviation s over users, arms with shares w, the control's
// w_0 and the smallest treatment's w_1, an effect of e percent is found with probability `power` at
// level alpha by
//
//   N = f (1 - c^2) s^2 (1 / w_0 + 1 / w_1) (z(1 - alpha / 2T) + z(power))^2 / (e m / 100)^2
//
// users in all, at least two per arm; c is the correlation with the past that CUPED will use, or 0:
// the normal approximation (Kohavi, Tang, Xu: Trustworthy Online Controlled
// Experiments, 2020, chapter 17), with Bonferroni's alpha / T for T treatments. f is 1 for one look
// at the end. For continuous looking (sequential.h) it is what a simulation of the test says, and
// the mean time to a verdict with it.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct PlanOptions {
  double mean = 0, deviation = 0;    // of the metric over users; mean above 0
  double correlation = 0;            // of the metric with itself before, if CUPED will be used
  std::vector<double> weights = {};  // of the arms, which are as many; empty: `split` equal ones
  std::int64_t split = 2;
  double alpha = 0.05, power = 0.8;
  bool is_sequential = false;
  std::int64_t looks = 100;  // of a sequential test, evenly over the experiment
  double users_per_day = 0;  // new ones; 0: not known
  // One of the two: what is to be found, or who is there.
  double effect_percent = 0;
  std::int64_t users = 0;
};

struct Plan {
  PlanOptions options;
  std::int64_t users = 0;               // in all
  std::vector<std::int64_t> arm_users;  // control first
  double effect_percent = 0;            // the smallest that is found with that power
  double days = 0;                      // 0: not known
  double inflation = 1;                 // f
  double mean_share_at_stop = 1;        // of the users, when the effect is there
};

// Usage errors name the option that is out of range or missing.
Result<Plan> plan_experiment(const PlanOptions& options);

// A sequential test of a Brownian motion with drift, narrowest at its end: the probability that it
// stops, and the mean time at which it does (1 if it never does). Time runs from 0 to 1.
struct SequentialPower {
  double power = 0, mean_stop = 1;
};
SequentialPower sequential_power(double drift, double alpha, std::int64_t looks);

Document plan_document(const Plan& plan);
Json to_json(const Plan& plan);

}  // namespace crossfade
