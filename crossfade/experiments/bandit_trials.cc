// Off-policy trials: a logged softmax policy over 20 answers in 40 contexts, another policy that is
// sharper, rewards with a part of the user's own, and a reward model that is wrong on purpose. The
// truth is an exact sum over contexts and answers.
#include <algorithm>
#include <array>
#include <cmath>

#include "crossfade/experiments/off_policy.h"
#include "crossfade/experiments/trials.h"

namespace crossfade {
namespace {

constexpr std::size_t kContexts = 40, kAnswers = 20;
constexpr std::uint64_t kWorldStream = 0xFFFFFFFF;
using Table = std::array<std::array<double, kAnswers>, kContexts>;

struct Bandit {
  Table logged, target, reward, model;  // probabilities, means, predictions
  double truth = 0;                     // of the other policy
};

void normalise(std::array<double, kAnswers>& row) {
  double sum = 0;
  for (double& value : row) sum += value = std::exp(value);
  for (double& value : row) value /= sum;
}

Bandit make_bandit(const BanditOptions& options) {
  Bandit bandit;
  Rng rng(options.seed, kWorldStream);
  for (std::size_t c = 0; c < kContexts; ++c) {
    for (std::size_t a = 0; a < kAnswers; ++a) {
      const double appeal = rng.normal();
      bandit.reward[c][a] = options.is_heavy ? std::exp(0.5 * appeal) : 1 / (1 + std::exp(-appeal));
      bandit.model[c][a] = 0.8 * bandit.reward[c][a] + 0.1 + 0.1 * rng.normal();
      bandit.logged[c][a] = 0.5 * appeal + 0.5 * rng.normal();
      bandit.target[c][a] =
          bandit.logged[c][a] + options.sharpness * (0.5 * appeal + 0.5 * rng.normal());
    }
    normalise(bandit.logged[c]);
    normalise(bandit.target[c]);
    for (std::size_t a = 0; a < kAnswers; ++a)
      bandit.truth += bandit.target[c][a] * bandit.reward[c][a] / kContexts;
  }
  return bandit;
}

std::size_t draw_answer(const std::array<double, kAnswers>& shares, Rng& rng) {
  double left = rng.uniform();
  for (std::size_t a = 0; a + 1 < kAnswers; ++a)
    if ((left -= shares[a]) < 0) return a;
  return kAnswers - 1;
}

struct Rows {
  std::vector<double> rewards, propensities, target, predicted, predicted_target;
  std::vector<std::int64_t> users;
};

Rows draw_rows(const Bandit& bandit, const BanditOptions& options, Rng& rng) {
  Rows rows;
  double user_part = 0;
  for (std::int64_t i = 0; i < options.rows; ++i) {
    if (i % options.rows_per_user == 0) user_part = rng.normal();
    const std::size_t c = rng.below(kContexts);
    const std::size_t a = draw_answer(bandit.logged[c], rng);
    const double mean = bandit.reward[c][a];
    // Both have this mean: a log-normal factor, or a share pulled towards the nearer bound.
    const double reward =
        options.is_heavy ? mean * std::exp(0.5 * user_part + 0.9 * rng.normal() - (0.25 + 0.81) / 2)
                         : mean + std::min(mean, 1 - mean) *
                                      (0.5 * std::sin(3 * user_part) + rng.uniform() - 0.5);
    rows.rewards.push_back(reward);
    rows.propensities.push_back(bandit.logged[c][a]);
    rows.target.push_back(bandit.target[c][a]);
    rows.predicted.push_back(bandit.model[c][a]);
    double expected = 0;
    for (std::size_t other = 0; other < kAnswers; ++other)
      expected += bandit.target[c][other] * bandit.model[c][other];
    rows.predicted_target.push_back(expected);
    rows.users.push_back(i / options.rows_per_user);
  }
  return rows;
}

std::vector<BanditOutcome> run_trial(const Bandit& bandit, const BanditOptions& options, Rng rng) {
  const Rows rows = draw_rows(bandit, options, rng);
  const auto result = *estimate_off_policy({rows.rewards, rows.propensities, rows.target,
                                            rows.predicted, rows.predicted_target, rows.users});
  std::vector<BanditOutcome> outcomes;
  for (const OffPolicyEstimate& estimate : result.estimates) {
    const double error = estimate.value - bandit.truth;
    const bool covers =
        estimate.interval.low <= bandit.truth && bandit.truth <= estimate.interval.high;
    outcomes.push_back(
        {estimate.name, covers ? 1.0 : 0.0, error, error * error, result.effective_size});
  }
  return outcomes;
}

constexpr double BanditOutcome::*kParts[] = {&BanditOutcome::covers, &BanditOutcome::bias,
                                             &BanditOutcome::deviation,
                                             &BanditOutcome::mean_effective_size};

void add(std::vector<BanditOutcome>& sum, const std::vector<BanditOutcome>& part) {
  if (sum.empty()) {
    sum = part;
    return;
  }
  for (std::size_t i = 0; i < sum.size(); ++i)
    for (const auto at : kParts) sum[i].*at += part[i].*at;
}

}  // namespace

std::vector<BanditOutcome> run_bandit_trials(const BanditOptions& options, ThreadPool& threads) {
  const Bandit bandit = make_bandit(options);
  auto total = threads.map_reduce(
      options.trials, 8, std::vector<BanditOutcome>(),
      [&](std::int64_t begin, std::int64_t end) {
        std::vector<BanditOutcome> sum;
        for (std::int64_t trial = begin; trial < end; ++trial)
          add(sum,
              run_trial(bandit, options, Rng(options.seed, static_cast<std::uint64_t>(trial))));
        return sum;
      },
      [](std::vector<BanditOutcome>& sum, const std::vector<BanditOutcome>& part) {
        add(sum, part);
      });
  for (BanditOutcome& outcome : total) {
    for (const auto at : kParts) outcome.*at /= static_cast<double>(options.trials);
    outcome.deviation = std::sqrt(outcome.deviation - outcome.bias * outcome.bias);
  }
  return total;
}

}  // namespace crossfade
