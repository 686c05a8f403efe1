// Two arms of an experiment compared: the mean of a metric over users, and by how much it differs.
//
// A metric is one number per user, so that users, who were dealt into arms, are what is counted. A
// ratio of sums (time per session over all sessions) becomes one number per user too, by the delta
// method (Deng, Knoblich, Lu: Applying the Delta Method in Metric Analytics, KDD 2018): its
// linearised values have the ratio as their mean and the ratio's variance as that mean's variance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/statistics.h"

namespace crossfade {

// A mean over the users of one arm.
struct ArmMean {
  std::int64_t users = 0;
  double mean = kNotANumber;
  double variance = kNotANumber;  // over users, with n - 1; NaN for fewer than two
  // Of the mean itself.
  double mean_variance() const { return variance / static_cast<double>(users); }
};
ArmMean arm_mean(std::span<const double> values);

// R + (n_i - R d_i) / mean(d), R = sum(n) / sum(d): NaN if the denominators sum to 0.
std::vector<double> linearised_ratio(std::span<const double> numerators,
                                     std::span<const double> denominators);

// Treatment minus control. All NaN where an arm has fewer than two users.
struct ArmComparison {
  ArmMean control, treatment;
  double difference = kNotANumber;
  double standard_error = kNotANumber;      // sqrt(s0 / n0 + s1 / n1)
  double degrees_of_freedom = kNotANumber;  // Welch and Satterthwaite
  double p_value = kNotANumber;             // Welch's t test (Biometrika 1947), two-sided
  Interval interval;                        // of the difference
  // In percent of the control's mean; NaN if that is 0.
  double percent = kNotANumber;
  // As published: the bounds of the difference over the control's mean, as if that were known.
  Interval published_percent;
  // Of the ratio of the two true means, which is what a percentage says: Fieller's interval
  // (JRSS B 1954). None if the control's mean is below 0 or not apart from it.
  Interval relative_percent;
  bool is_significant() const { return interval.low > 0 || interval.high < 0; }
};
ArmComparison compare_arms(const ArmMean& control, const ArmMean& treatment,
                           double confidence = 0.95);

// The same for values from which noise was taken (cuped.h). Their difference is what counts; the
// percentages are of the control's mean as it was measured, whose noise goes with theirs.
struct AdjustedControl {
  std::span<const double> measured, adjusted;  // of the same users
};
ArmComparison compare_adjusted(const AdjustedControl& control, std::span<const double> treatment,
                               double confidence = 0.95);

// The same relative interval by the delta method: symmetric, cheaper to explain, and near Fieller's
// where the control's mean is known well.
Interval delta_relative_percent(const ArmMean& control, const ArmMean& treatment,
                                double confidence = 0.95);

// Percentile bootstrap of the relative effect in percent: users of each arm drawn with replacement.
// Numerators and denominators of the two arms; a plain mean has denominators of 1 or none.
struct ArmColumns {
  std::span<const double> numerators, denominators;
};
Interval bootstrap_relative_percent(const ArmColumns& control, const ArmColumns& treatment,
                                    const BootstrapOptions& options, ThreadPool& threads);

}  // namespace crossfade
