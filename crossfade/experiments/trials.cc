// One stream of random numbers per trial; trials are independent and summed in order.
#include "crossfade/experiments/trials.h"

#include <algorithm>
#include <cmath>

#include "crossfade/experiments/arm_comparison.h"
#include "crossfade/experiments/cuped.h"
#include "crossfade/experiments/sequential.h"
#include "crossfade/experiments/user_metric.h"

namespace crossfade {
namespace {

constexpr const char* kMetrics[] = {"time", "mean_time_per_session", "time_per_session"};

struct User {
  double taste = 0;  // his own part of every session's time
  std::int64_t sessions = 1;
};

std::int64_t geometric(Rng& rng, double mean) {
  return static_cast<std::int64_t>(std::log(1 - rng.uniform()) / std::log(mean / (mean + 1)));
}

User draw_user(Population population, Rng& rng) {
  const double taste = rng.normal();
  const double activity =
      population == Population::kNormal ? 2 : 2 * std::exp(0.8 * rng.normal() - 0.32);
  return {taste, 1 + std::min<std::int64_t>(geometric(rng, activity), 500)};
}

double draw_time(Population population, const User& user, Rng& rng) {
  switch (population) {
    case Population::kNormal:
      return 4 + user.taste + 1.5 * rng.normal();
    case Population::kListening:
      return std::exp(1 + 0.5 * user.taste + 0.8 * rng.normal());
    case Population::kHeavy:
      return std::exp(0.3 * user.taste) * std::pow(1 - rng.uniform(), -1 / 2.5);
  }
  return 0;
}

// What `users` do in one period: sums per user, times multiplied by `factor`.
UserSums play(const std::vector<User>& users, const TrialOptions& options, double factor,
              Rng& rng) {
  UserSums sums;
  for (std::size_t i = 0; i < users.size(); ++i) {
    double time = 0;
    for (std::int64_t s = 0; s < users[i].sessions; ++s)
      time += factor * draw_time(options.population, users[i], rng);
    sums.users.push_back(static_cast<UserIndex>(i));
    sums.sessions.push_back(static_cast<double>(users[i].sessions));
    sums.times.push_back(time);
    sums.tracks.push_back(1);
    sums.latencies_ms.push_back(0);
  }
  return sums;
}

bool holds(const Interval& interval, double truth) {
  return interval.low <= truth && truth <= interval.high;
}

void add_metric(const UserMetric& metric, const std::vector<UserSums>& arms,
                const std::vector<UserSums>& pasts, const TrialOptions& options,
                FixedOutcome& outcome) {
  std::vector<CupedArm> values;
  for (std::size_t arm = 0; arm < 2; ++arm)
    values.push_back(
        {metric_values(metric, arms[arm]).values, metric_values(metric, pasts[arm]).values});
  const double confidence = 1 - options.alpha, truth = options.effect_percent;
  const ArmMean control = arm_mean(values[0].values), treatment = arm_mean(values[1].values);
  const ArmComparison plain = compare_arms(control, treatment, confidence);
  const CupedResult less_noise = cuped(values);
  const ArmComparison adjusted =
      compare_adjusted({values[0].values, less_noise.values[0]}, less_noise.values[1], confidence);
  outcome.alarms += plain.p_value < options.alpha;
  outcome.published_covers += holds(plain.published_percent, truth);
  outcome.relative_covers += holds(plain.relative_percent, truth);
  outcome.delta_covers += holds(delta_relative_percent(control, treatment, confidence), truth);
  outcome.cuped_alarms += adjusted.p_value < options.alpha;
  outcome.cuped_covers += holds(adjusted.relative_percent, truth);
  outcome.variance_left += std::pow(adjusted.standard_error / plain.standard_error, 2);
}

using FixedOutcomes = std::vector<FixedOutcome>;

void run_fixed_trial(const TrialOptions& options, Rng rng, FixedOutcomes& outcomes) {
  std::vector<UserSums> arms, pasts;
  for (const double factor : {1.0, 1 + options.effect_percent / 100}) {
    std::vector<User> users;
    for (std::int64_t i = 0; i < options.users_per_arm; ++i)
      users.push_back(draw_user(options.population, rng));
    pasts.push_back(play(users, options, 1, rng));
    arms.push_back(play(users, options, factor, rng));
  }
  for (FixedOutcome& outcome : outcomes)
    add_metric(*find_user_metric(outcome.metric), arms, pasts, options, outcome);
}

FixedOutcomes no_outcomes() {
  FixedOutcomes outcomes;
  for (const char* metric : kMetrics) {
    outcomes.emplace_back();
    outcomes.back().metric = metric;
  }
  return outcomes;
}

constexpr double FixedOutcome::*kShares[] = {
    &FixedOutcome::alarms,       &FixedOutcome::published_covers, &FixedOutcome::relative_covers,
    &FixedOutcome::delta_covers, &FixedOutcome::cuped_alarms,     &FixedOutcome::cuped_covers,
    &FixedOutcome::variance_left};

// Mean and variance of one value per user, while single values change.
class RunningArm {
 public:
  void replace(double before, double after, bool is_new) {
    users_ += is_new;
    sum_ += after - before;
    squares_ += after * after - before * before;
  }
  ArmMean mean() const {
    const double n = static_cast<double>(users_);
    return {users_, sum_ / n, (squares_ - sum_ * sum_ / n) / (n - 1)};
  }

 private:
  std::int64_t users_ = 0;
  double sum_ = 0, squares_ = 0;
};

struct Visit {
  double when = 0;
  std::size_t user = 0;
};

// Visits of all users in the order of time; a user's first is uniform, the others follow it.
std::vector<Visit> draw_visits(const std::vector<User>& users, Rng& rng) {
  std::vector<Visit> visits;
  for (std::size_t user = 0; user < users.size(); ++user) {
    const double first = rng.uniform();
    visits.push_back({first, user});
    for (std::int64_t s = 1; s < users[user].sessions; ++s)
      visits.push_back({first + (1 - first) * rng.uniform(), user});
  }
  std::sort(visits.begin(), visits.end(),
            [](const Visit& a, const Visit& b) { return a.when < b.when; });
  return visits;
}

SequentialOutcome run_sequential_trial(const TrialOptions& options, Rng rng) {
  std::vector<User> users;
  for (std::int64_t i = 0; i < 2 * options.users_per_arm; ++i)
    users.push_back(draw_user(options.population, rng));
  const std::vector<Visit> visits = draw_visits(users, rng);
  std::vector<double> sums(users.size(), 0), counts(users.size(), 0);
  RunningArm arms[2];
  SequentialTest test(2 * options.users_per_arm, options.alpha);
  SequentialOutcome outcome;
  outcome.final_covers = 1;
  const double fixed_critical = normal_quantile(1 - options.alpha / 2);
  std::int64_t seen = 0;
  ArmComparison comparison;
  for (const Visit& visit : visits) {
    const std::size_t arm = visit.user % 2;
    double& sum = sums[visit.user];
    double& count = counts[visit.user];
    const double before = count > 0 && !options.is_sum ? sum / count : sum;
    const double factor = arm == 1 ? 1 + options.effect_percent / 100 : 1;
    sum += factor * draw_time(options.population, users[visit.user], rng);
    const bool is_new = count == 0;
    seen += is_new;
    ++count;
    arms[arm].replace(before, options.is_sum ? sum : sum / count, is_new);
    // What compare_arms would say, without its t quantile at every step.
    comparison.control = arms[0].mean();
    comparison.treatment = arms[1].mean();
    if (std::min(comparison.control.users, comparison.treatment.users) < 2) continue;
    comparison.difference = comparison.treatment.mean - comparison.control.mean;
    comparison.standard_error =
        std::sqrt(comparison.control.mean_variance() + comparison.treatment.mean_variance());
    const Look look = test.look(comparison);
    if (!look.counts) continue;
    if (look.p_value < options.alpha && outcome.alarms == 0) {
      outcome.alarms = 1;
      outcome.mean_stop = static_cast<double>(seen) / static_cast<double>(users.size());
    }
    // In percent of the control's true mean the truth would be the effect itself; the estimate of
    // that mean is near enough.
    if (!holds(look.always_valid, options.effect_percent)) outcome.final_covers = 0;
    if (std::abs(comparison.difference) > fixed_critical * comparison.standard_error)
      outcome.peeking_alarms = 1;
  }
  outcome.fixed_alarms =
      compare_arms(comparison.control, comparison.treatment).p_value < options.alpha;
  return outcome;
}

}  // namespace

std::string population_name(Population population) {
  switch (population) {
    case Population::kNormal:
      return "normal";
    case Population::kListening:
      return "listening";
    case Population::kHeavy:
      return "heavy";
  }
  return "";
}

std::vector<FixedOutcome> run_fixed_trials(const TrialOptions& options, ThreadPool& threads) {
  FixedOutcomes total = threads.map_reduce(
      options.trials, 8, no_outcomes(),
      [&](std::int64_t begin, std::int64_t end) {
        FixedOutcomes outcomes = no_outcomes();
        for (std::int64_t trial = begin; trial < end; ++trial)
          run_fixed_trial(options, Rng(options.seed, static_cast<std::uint64_t>(trial)), outcomes);
        return outcomes;
      },
      [](FixedOutcomes& sum, const FixedOutcomes& part) {
        for (std::size_t i = 0; i < sum.size(); ++i)
          for (const auto share : kShares) sum[i].*share += part[i].*share;
      });
  for (FixedOutcome& outcome : total)
    for (const auto share : kShares) outcome.*share /= static_cast<double>(options.trials);
  return total;
}

SequentialOutcome run_sequential_trials(const TrialOptions& options, ThreadPool& threads) {
  constexpr double SequentialOutcome::*kParts[] = {
      &SequentialOutcome::alarms, &SequentialOutcome::mean_stop, &SequentialOutcome::final_covers,
      &SequentialOutcome::fixed_alarms, &SequentialOutcome::peeking_alarms};
  SequentialOutcome zero;
  zero.mean_stop = 0;
  SequentialOutcome total = threads.map_reduce(
      options.trials, 8, zero,
      [&](std::int64_t begin, std::int64_t end) {
        SequentialOutcome sum = zero;
        for (std::int64_t trial = begin; trial < end; ++trial) {
          const SequentialOutcome one =
              run_sequential_trial(options, Rng(options.seed, static_cast<std::uint64_t>(trial)));
          for (const auto part : kParts) sum.*part += one.*part;
        }
        return sum;
      },
      [&](SequentialOutcome& sum, const SequentialOutcome& part) {
        for (const auto at : kParts) sum.*at += part.*at;
      });
  for (const auto part : kParts) total.*part /= static_cast<double>(options.trials);
  return total;
}

}  // namespace crossfade
