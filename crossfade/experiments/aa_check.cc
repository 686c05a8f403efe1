// Each trial deals by its own stream; sums of both halves in one pass.
#include "crossfade/experiments/aa_check.h"

#include <cmath>

#include "crossfade/base/rng.h"
#include "crossfade/experiments/arm_comparison.h"

namespace crossfade {
namespace {

bool raises_alarm(std::span<const double> values, double centre, double alpha, Rng rng) {
  double counts[2] = {}, sums[2] = {}, squares[2] = {};
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % 64 == 0) bits = rng.next();
    const auto half = bits >> i % 64 & 1;
    const double off = values[i] - centre;
    ++counts[half];
    sums[half] += off;
    squares[half] += off * off;
  }
  ArmMean halves[2];
  for (int half = 0; half < 2; ++half) {
    const double n = counts[half];
    if (n < 2) return false;
    halves[half] = {static_cast<std::int64_t>(n), sums[half] / n,
                    (squares[half] - sums[half] * sums[half] / n) / (n - 1)};
  }
  return compare_arms(halves[0], halves[1], 1 - alpha).p_value < alpha;
}

Interval wilson(double hits, double trials) {
  const double z = normal_quantile(0.975), p = hits / trials, zz = z * z / trials;
  const double half = z * std::sqrt(p * (1 - p) / trials + zz / (4 * trials));
  return {(p + zz / 2 - half) / (1 + zz), (p + zz / 2 + half) / (1 + zz)};
}

}  // namespace

bool AaCheck::is_alarm(double alpha) const {
  const double deviation = std::sqrt(alpha * (1 - alpha) / static_cast<double>(trials));
  return trials > 0 && rate() > alpha + 4 * deviation;
}

AaCheck check_aa(std::span<const double> values, std::int64_t trials, double alpha,
                 std::uint64_t seed, ThreadPool& threads) {
  AaCheck check;
  if (values.size() < 4 || trials <= 0) return check;
  const double centre = mean_of(values);
  check.trials = trials;
  check.alarms = threads.map_reduce(
      trials, 16, std::int64_t{0},
      [&](std::int64_t begin, std::int64_t end) {
        std::int64_t alarms = 0;
        for (std::int64_t trial = begin; trial < end; ++trial)
          alarms +=
              raises_alarm(values, centre, alpha, Rng(seed, static_cast<std::uint64_t>(trial)));
        return alarms;
      },
      [](std::int64_t& total, std::int64_t part) { total += part; });
  check.interval = wilson(static_cast<double>(check.alarms), static_cast<double>(trials));
  return check;
}

}  // namespace crossfade
