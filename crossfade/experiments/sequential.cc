// tau^2 is set at the first look that counts and never again: a test that adapts it to what it has
// seen would no longer be always valid.
#include "crossfade/experiments/sequential.h"

#include <algorithm>
#include <cmath>

namespace crossfade {

double mixing_variance_for(double variance, double alpha) {
  const double a = 2 * std::log(1 / alpha);
  double x = a;
  for (int i = 0; i < 50; ++i) x = a + std::log1p(x);  // a contraction: the slope is 1 / (1 + x)
  return x * variance;
}

double always_valid_p(double difference, double variance, double mixing_variance) {
  if (!(variance > 0)) return difference == 0 ? 1 : 0;
  const double sum = variance + mixing_variance;
  const double log_ratio = 0.5 * std::log(variance / sum) +
                           mixing_variance * difference * difference / (2 * variance * sum);
  return std::min(1.0, std::exp(-log_ratio));
}

double always_valid_radius(double variance, double mixing_variance, double alpha) {
  if (!(variance > 0)) return 0;
  const double sum = variance + mixing_variance;
  return std::sqrt(variance * sum / mixing_variance *
                   (2 * std::log(1 / alpha) + std::log(sum / variance)));
}

Look SequentialTest::look(const ArmComparison& comparison) {
  Look look;
  look.comparison = comparison;
  look.users = comparison.control.users + comparison.treatment.users;
  look.fixed = comparison.published_percent;
  look.counts = comparison.control.users >= kUsersBeforeFirstLook &&
                comparison.treatment.users >= kUsersBeforeFirstLook &&
                comparison.standard_error > 0;
  if (!look.counts) return look;
  const double variance = comparison.standard_error * comparison.standard_error;
  if (std::isnan(mixing_variance_))
    mixing_variance_ = mixing_variance_for(
        variance * static_cast<double>(look.users) / static_cast<double>(planned_users_), alpha_);
  smallest_p_ =
      std::min(smallest_p_, always_valid_p(comparison.difference, variance, mixing_variance_));
  look.p_value = smallest_p_;
  const double radius = always_valid_radius(variance, mixing_variance_, alpha_);
  const double scale = 100 / std::abs(comparison.control.mean);
  look.always_valid = {scale * (comparison.difference - radius),
                       scale * (comparison.difference + radius)};
  return look;
}

}  // namespace crossfade
