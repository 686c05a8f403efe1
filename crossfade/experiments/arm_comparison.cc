// Formulas only; who belongs to which arm is decided elsewhere.
#include "crossfade/experiments/arm_comparison.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/check.h"

namespace crossfade {
namespace {

double welch_degrees_of_freedom(const ArmMean& a, const ArmMean& b) {
  const double va = a.mean_variance(), vb = b.mean_variance();
  return (va + vb) * (va + vb) /
         (va * va / static_cast<double>(a.users - 1) + vb * vb / static_cast<double>(b.users - 1));
}

// The t quantile of the two-sided interval; of the normal where nothing varies.
double critical_value(double confidence, double degrees_of_freedom) {
  const double p = 0.5 + confidence / 2;
  return degrees_of_freedom > 0 ? student_quantile(p, degrees_of_freedom) : normal_quantile(p);
}

// A difference d and the mean m that it is a percentage of, with their variances and covariance.
struct Relative {
  double difference = 0, base = 0;
  double difference_variance = 0, covariance = 0, base_variance = 0;
};

// All r with (d - r m)^2 <= t^2 (Var(d) - 2 r Cov(d, m) + r^2 Var(m)), in percent.
Interval fieller_percent(const Relative& of, double critical) {
  const double t2 = critical * critical;
  const double a = of.base * of.base - t2 * of.base_variance;
  const double b = of.difference * of.base - t2 * of.covariance;
  const double c = of.difference * of.difference - t2 * of.difference_variance;
  if (!(a > 0)) return {};  // the base may be 0: the set is not an interval
  const double root = std::sqrt(std::max(0.0, b * b - a * c));
  return {100 * (b - root) / a, 100 * (b + root) / a};
}

double covariance_of(std::span<const double> a, std::span<const double> b) {
  CROSSFADE_CHECK(a.size() == b.size(), "two values of the same users");
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / static_cast<double>(a.size() - 1);
}

// Fills in what is said in percent of `base`, whose covariance with the difference is given.
void add_percentages(const ArmMean& base, double covariance, double critical,
                     ArmComparison& result) {
  if (base.mean == 0) return;
  const double scale = 100 / std::abs(base.mean);
  result.percent = scale * result.difference;
  result.published_percent = {scale * result.interval.low, scale * result.interval.high};
  if (base.mean > 0)
    result.relative_percent = fieller_percent(
        {result.difference, base.mean, result.standard_error * result.standard_error, covariance,
         base.mean_variance()},
        critical);
}

std::vector<double> resampled(const ArmColumns& arm, const BootstrapOptions& options,
                              ThreadPool& threads) {
  std::vector<std::span<const double>> columns{arm.numerators};
  if (!arm.denominators.empty()) columns.push_back(arm.denominators);
  auto means = bootstrap_resamples(columns, options, threads);
  if (means.size() == 2)
    for (std::size_t r = 0; r < means[0].size(); ++r) means[0][r] /= means[1][r];
  return std::move(means[0]);
}

}  // namespace

ArmMean arm_mean(std::span<const double> values) {
  const double deviation = standard_deviation_of(values);
  return {static_cast<std::int64_t>(values.size()), mean_of(values), deviation * deviation};
}

std::vector<double> linearised_ratio(std::span<const double> numerators,
                                     std::span<const double> denominators) {
  CROSSFADE_CHECK(numerators.size() == denominators.size(), "one denominator per numerator");
  const double mean_denominator = mean_of(denominators);
  const double ratio = mean_of(numerators) / mean_denominator;
  std::vector<double> values(numerators.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = mean_denominator == 0
                    ? kNotANumber
                    : ratio + (numerators[i] - ratio * denominators[i]) / mean_denominator;
  return values;
}

ArmComparison compare_arms(const ArmMean& control, const ArmMean& treatment, double confidence) {
  ArmComparison result;
  result.control = control;
  result.treatment = treatment;
  if (control.users < 2 || treatment.users < 2) return result;
  result.difference = treatment.mean - control.mean;
  result.standard_error = std::sqrt(control.mean_variance() + treatment.mean_variance());
  result.degrees_of_freedom = welch_degrees_of_freedom(control, treatment);
  if (result.standard_error > 0)
    result.p_value =
        student_two_sided_p(result.difference / result.standard_error, result.degrees_of_freedom);
  else
    result.p_value = result.difference == 0 ? 1 : 0;
  const double critical = critical_value(confidence, result.degrees_of_freedom);
  const double half = critical * result.standard_error;
  result.interval = {result.difference - half, result.difference + half};
  add_percentages(control, -control.mean_variance(), critical, result);
  return result;
}

ArmComparison compare_adjusted(const AdjustedControl& control, std::span<const double> treatment,
                               double confidence) {
  ArmComparison result = compare_arms(arm_mean(control.adjusted), arm_mean(treatment), confidence);
  if (std::isnan(result.difference)) return result;
  const double covariance = -covariance_of(control.measured, control.adjusted) /
                            static_cast<double>(control.measured.size());
  result.percent = kNotANumber;
  result.published_percent = result.relative_percent = {};
  add_percentages(arm_mean(control.measured), covariance,
                  critical_value(confidence, result.degrees_of_freedom), result);
  return result;
}

Interval delta_relative_percent(const ArmMean& control, const ArmMean& treatment,
                                double confidence) {
  if (control.users < 2 || treatment.users < 2 || control.mean == 0) return {};
  const double ratio = treatment.mean / control.mean;
  const double variance = (treatment.mean_variance() + ratio * ratio * control.mean_variance()) /
                          (control.mean * control.mean);
  const double half = critical_value(confidence, welch_degrees_of_freedom(control, treatment)) *
                      std::sqrt(variance);
  return {100 * (ratio - 1 - half), 100 * (ratio - 1 + half)};
}

Interval bootstrap_relative_percent(const ArmColumns& control, const ArmColumns& treatment,
                                    const BootstrapOptions& options, ThreadPool& threads) {
  if (control.numerators.empty() || treatment.numerators.empty() || options.resamples <= 0)
    return {};
  BootstrapOptions of_treatment = options;
  ++of_treatment.seed;  // the arms are drawn independently
  const auto base = resampled(control, options, threads);
  auto effects = resampled(treatment, of_treatment, threads);
  for (std::size_t r = 0; r < effects.size(); ++r) {
    effects[r] = 100 * (effects[r] / base[r] - 1);
    if (!std::isfinite(effects[r])) return {};  // a resample of zeros only
  }
  const double tail = (1 - options.confidence) / 2;
  return {quantile_of(effects, tail), quantile_of(effects, 1 - tail)};
}

}  // namespace crossfade
