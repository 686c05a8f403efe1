// Pearson's statistic, in one pass over the arms.
#include "crossfade/experiments/sample_ratio.h"

#include <limits>

#include "crossfade/base/check.h"

namespace crossfade {

SampleRatio check_sample_ratio(std::span<const std::int64_t> users,
                               std::span<const double> weights) {
  CROSSFADE_CHECK(weights.empty() || weights.size() == users.size(), "one weight per arm");
  const auto weight = [&](std::size_t arm) { return weights.empty() ? 1.0 : weights[arm]; };
  double sum = 0, weight_sum = 0;
  std::int64_t arms = 0;
  for (std::size_t arm = 0; arm < users.size(); ++arm) {
    sum += static_cast<double>(users[arm]);
    weight_sum += weight(arm);
    arms += weight(arm) > 0;
  }
  SampleRatio result;
  if (arms < 2 || sum == 0) return result;
  result.chi_squared = 0;
  for (std::size_t arm = 0; arm < users.size(); ++arm) {
    const double expected = sum * weight(arm) / weight_sum;
    const double off = static_cast<double>(users[arm]) - expected;
    if (expected > 0)
      result.chi_squared += off * off / expected;
    else if (users[arm] > 0)
      result.chi_squared = std::numeric_limits<double>::infinity();
  }
  result.p_value = chi_squared_upper_p(result.chi_squared, static_cast<double>(arms - 1));
  return result;
}

}  // namespace crossfade
