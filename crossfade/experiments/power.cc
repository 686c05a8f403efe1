// The sequential factor is found by bisection over the drift of simulated Brownian motions; the
// same paths serve every drift, so that what separates two drifts is not their noise.
#include "crossfade/experiments/power.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "crossfade/base/rng.h"
#include "crossfade/base/statistics.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/assignment.h"
#include "crossfade/experiments/sequential.h"

namespace crossfade {
namespace {

constexpr std::int64_t kPaths = 4000;
constexpr std::uint64_t kSeed = 20260301;

Status check_options(const PlanOptions& options) {
  const auto inside = [](double value, double low, double high) {
    return value > low && value < high;
  };
  if (!(options.mean > 0) || !std::isfinite(options.mean))
    return usage_error("the metric's mean has to be above 0, so that an effect has a percentage");
  if (!(options.deviation > 0) || !std::isfinite(options.deviation))
    return usage_error("the metric's standard deviation has to be above 0");
  if (!inside(options.alpha, 0, 1)) return usage_error("alpha has to lie between 0 and 1");
  if (!inside(options.power, 0, 1)) return usage_error("power has to lie between 0 and 1");
  if (!inside(options.correlation, -1, 1))
    return usage_error("the correlation has to lie between -1 and 1");
  if (options.split < 2 || options.split > kMaxTreatments)
    return usage_error("a split has 2 to 1,000 arms, the control among them");
  for (const double weight : options.weights)
    if (!(weight > 0) || !std::isfinite(weight))
      return usage_error("every arm needs a weight above 0");
  if (options.weights.size() == 1) return usage_error("one weight is one arm; give two or more");
  if (options.looks < 1 || options.looks > 10'000)
    return usage_error("looks are a number from 1 to 10,000");
  if (options.effect_percent != 0 && options.users != 0)
    return usage_error("give either the effect to be found or the number of users, not both");
  if (options.effect_percent == 0 && options.users == 0)
    return usage_error("give either the effect to be found or the number of users; it is above 0");
  if (options.effect_percent < 0 || !std::isfinite(options.effect_percent) || options.users < 0)
    return usage_error("an effect and a number of users are above 0");
  if (options.users_per_day < 0) return usage_error("users per day are a number above 0");
  return ok_status();
}

std::vector<double> shares_of(const PlanOptions& options) {
  std::vector<double> shares = options.weights;
  if (shares.empty()) shares.assign(static_cast<std::size_t>(options.split), 1);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

// The drift that is found with probability `power`.
double sequential_drift(double alpha, double power, std::int64_t looks) {
  double low = 0, high = 20;
  for (int i = 0; i < 30; ++i) {
    const double middle = (low + high) / 2;
    (sequential_power(middle, alpha, looks).power < power ? low : high) = middle;
  }
  return high;
}

}  // namespace

SequentialPower sequential_power(double drift, double alpha, std::int64_t looks) {
  const double mixing = mixing_variance_for(1, alpha);
  std::vector<double> radii;
  for (std::int64_t look = 1; look <= looks; ++look) {
    const double time = static_cast<double>(look) / static_cast<double>(looks);
    radii.push_back(always_valid_radius(1 / time, mixing, alpha) * time);  // of the motion itself
  }
  const double step = 1 / static_cast<double>(looks);
  double stopped = 0, time_sum = 0;
  for (std::int64_t path = 0; path < kPaths; ++path) {
    Rng rng(kSeed, static_cast<std::uint64_t>(path));
    double at = 0;
    std::int64_t look = 1;
    for (; look <= looks; ++look) {
      at += drift * step + std::sqrt(step) * rng.normal();
      if (std::abs(at) >= radii[static_cast<std::size_t>(look - 1)]) break;
    }
    stopped += look <= looks;
    time_sum += std::min(1.0, static_cast<double>(look) * step);
  }
  return {stopped / static_cast<double>(kPaths), time_sum / static_cast<double>(kPaths)};
}

Result<Plan> plan_experiment(const PlanOptions& options) {
  CROSSFADE_RETURN_IF_ERROR(check_options(options));
  const std::vector<double> shares = shares_of(options);
  const double smallest = *std::min_element(shares.begin() + 1, shares.end());
  const double alpha = options.alpha / static_cast<double>(shares.size() - 1);
  const double fixed_drift = normal_quantile(1 - alpha / 2) + normal_quantile(options.power);
  Plan plan;
  plan.options = options;
  double drift = fixed_drift;
  if (options.is_sequential) {
    drift = sequential_drift(alpha, options.power, options.looks);
    plan.mean_share_at_stop = sequential_power(drift, alpha, options.looks).mean_stop;
  }
  plan.inflation = drift * drift / (fixed_drift * fixed_drift);
  // The variance of a difference is this over the number of users.
  const double variance = options.deviation * options.deviation *
                          (1 - options.correlation * options.correlation) *
                          (1 / shares[0] + 1 / smallest);
  if (options.users > 0) {
    plan.users = options.users;
    plan.effect_percent =
        100 * drift * std::sqrt(variance / static_cast<double>(plan.users)) / options.mean;
  } else {
    plan.effect_percent = options.effect_percent;
    const double effect = options.effect_percent / 100 * options.mean;
    const double users = std::ceil(variance * drift * drift / (effect * effect));
    if (!(users < 1e15))
      return usage_error("an effect of " + format_shortest(options.effect_percent) +
                         "% would need more users than there are; look for a larger one");
    plan.users =
        std::max(static_cast<std::int64_t>(users), static_cast<std::int64_t>(2 * shares.size()));
  }
  for (const double share : shares)
    plan.arm_users.push_back(
        static_cast<std::int64_t>(std::ceil(share * static_cast<double>(plan.users))));
  if (options.users_per_day > 0)
    plan.days = static_cast<double>(plan.users) / options.users_per_day;
  return plan;
}

}  // namespace crossfade
