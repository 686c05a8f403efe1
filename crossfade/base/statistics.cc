// Groups are dealt once, resamples are spread over threads; each resample has its own Rng stream.
#include "crossfade/base/statistics.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "crossfade/base/check.h"
#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

namespace math = boost::math;
// Arguments outside the domain give NaN instead of an exception.
using Quiet = math::policies::policy<math::policies::domain_error<math::policies::ignore_error>,
                                     math::policies::pole_error<math::policies::ignore_error>,
                                     math::policies::overflow_error<math::policies::ignore_error>>;
using Normal = math::normal_distribution<double, Quiet>;
using Student = math::students_t_distribution<double, Quiet>;
using ChiSquared = math::chi_squared_distribution<double, Quiet>;

constexpr std::uint64_t kDealStream = std::numeric_limits<std::uint64_t>::max();

// Sums and sizes of the groups: row g holds the group's sum of every column, then its size.
struct Groups {
  std::int64_t count = 0;
  std::size_t width = 0;  // columns + 1
  std::vector<double> rows;
};

// The group of every value: round robin, then shuffled (Fisher and Yates) if groups hold several.
std::vector<std::int32_t> deal(std::int64_t size, std::int64_t groups, std::uint64_t seed) {
  std::vector<std::int32_t> group(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i)
    group[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i % groups);
  if (groups == size) return group;
  Rng rng(seed, kDealStream);
  for (std::size_t left = group.size(); left > 1; --left)
    std::swap(group[left - 1], group[rng.below(left)]);
  return group;
}

Groups group_sums(std::span<const std::span<const double>> columns, const BootstrapOptions& options,
                  ThreadPool& threads) {
  const auto size = static_cast<std::int64_t>(columns[0].size());
  Groups groups;
  groups.count = std::min(size, std::max<std::int64_t>(options.max_groups, 1));
  groups.width = columns.size() + 1;
  groups.rows.assign(static_cast<std::size_t>(groups.count) * groups.width, 0);
  const std::vector<std::int32_t> group = deal(size, groups.count, options.seed);
  threads.parallel_for(
      static_cast<std::int64_t>(groups.width), 1, [&](std::int64_t at, std::int64_t, int) {
        const auto column = static_cast<std::size_t>(at);
        const bool is_size = column == columns.size();
        std::vector<double> sums(static_cast<std::size_t>(groups.count), 0);
        for (std::size_t i = 0; i < group.size(); ++i)
          sums[static_cast<std::size_t>(group[i])] += is_size ? 1 : columns[column][i];
        for (std::size_t g = 0; g < sums.size(); ++g)
          groups.rows[g * groups.width + column] = sums[g];
      });
  return groups;
}

}  // namespace

std::vector<std::vector<double>> bootstrap_resamples(
    std::span<const std::span<const double>> columns, const BootstrapOptions& options,
    ThreadPool& threads) {
  const auto resamples = static_cast<std::size_t>(std::max<std::int64_t>(options.resamples, 0));
  std::vector<std::vector<double>> means(columns.size(),
                                         std::vector<double>(resamples, kNotANumber));
  if (columns.empty() || columns[0].empty() || resamples == 0) return means;
  for (const auto& column : columns)
    CROSSFADE_CHECK(column.size() == columns[0].size(), "bootstrapped columns differ in length");
  const Groups groups = group_sums(columns, options, threads);
  threads.parallel_for(options.resamples, 8, [&](std::int64_t begin, std::int64_t end, int) {
    std::vector<double> sums(groups.width);
    for (std::int64_t r = begin; r < end; ++r) {
      std::fill(sums.begin(), sums.end(), 0.0);
      Rng rng(options.seed, static_cast<std::uint64_t>(r));
      for (std::int64_t draw = 0; draw < groups.count; ++draw) {
        const double* row =
            groups.rows.data() + rng.below(static_cast<std::uint64_t>(groups.count)) * groups.width;
        for (std::size_t c = 0; c < groups.width; ++c) sums[c] += row[c];
      }
      for (std::size_t c = 0; c < columns.size(); ++c)
        means[c][static_cast<std::size_t>(r)] = sums[c] / sums[columns.size()];
    }
  });
  return means;
}

std::vector<Interval> bootstrap_means(std::span<const std::span<const double>> columns,
                                      const BootstrapOptions& options, ThreadPool& threads) {
  std::vector<Interval> intervals(columns.size());
  if (columns.empty() || columns[0].empty() || options.resamples <= 0) return intervals;
  CROSSFADE_CHECK(options.confidence > 0 && options.confidence < 1, "a confidence is in (0, 1)");
  auto means = bootstrap_resamples(columns, options, threads);
  const double tail = (1 - options.confidence) / 2;
  for (std::size_t c = 0; c < columns.size(); ++c)
    intervals[c] = {quantile_of(means[c], tail), quantile_of(means[c], 1 - tail)};
  return intervals;
}

Interval bootstrap_mean(std::span<const double> values, const BootstrapOptions& options,
                        ThreadPool& threads) {
  return bootstrap_means({&values, 1}, options, threads)[0];
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? kNotANumber : sum / static_cast<double>(values.size());
}

double standard_deviation_of(std::span<const double> values) {
  if (values.size() < 2) return kNotANumber;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double quantile_of(std::span<double> values, double p) {
  if (values.empty()) return kNotANumber;
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  if (below + 1 == values.size()) return *at;
  const double next = *std::min_element(at + 1, values.end());
  return *at + (place - static_cast<double>(below)) * (next - *at);
}

double normal_cdf(double z) {
  return math::cdf(Normal(), z);
}

double normal_quantile(double p) {
  return math::quantile(Normal(), p);
}

double student_two_sided_p(double t, double degrees_of_freedom) {
  if (std::isinf(t)) return 0;
  return 2 * math::cdf(math::complement(Student(degrees_of_freedom), std::abs(t)));
}

double student_quantile(double p, double degrees_of_freedom) {
  return math::quantile(Student(degrees_of_freedom), p);
}

double chi_squared_upper_p(double x, double degrees_of_freedom) {
  if (std::isinf(x)) return 0;
  return math::cdf(math::complement(ChiSquared(degrees_of_freedom), x));
}

PairedComparison compare_paired(std::span<const double> a, std::span<const double> b,
                                const BootstrapOptions& options, ThreadPool& threads) {
  CROSSFADE_CHECK(a.size() == b.size(), "paired values differ in number");
  PairedComparison comparison;
  comparison.count = static_cast<std::int64_t>(a.size());
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
  comparison.mean_a = mean_of(a);
  comparison.mean_b = mean_of(b);
  comparison.difference = mean_of(differences);
  comparison.interval = bootstrap_mean(differences, options, threads);
  comparison.deviation = standard_deviation_of(differences);
  if (comparison.count < 2) return comparison;
  const double n = static_cast<double>(comparison.count);
  if (comparison.deviation > 0)
    comparison.p_value =
        student_two_sided_p(comparison.difference / (comparison.deviation / std::sqrt(n)), n - 1);
  else
    comparison.p_value = comparison.difference == 0 ? 1 : 0;
  comparison.minimum_detectable_effect =
      minimum_detectable_effect(comparison.deviation, comparison.count);
  return comparison;
}

double minimum_detectable_effect(double deviation, std::int64_t count, double alpha, double power) {
  return (normal_quantile(1 - alpha / 2) + normal_quantile(power)) * deviation /
         std::sqrt(static_cast<double>(count));
}

}  // namespace crossfade
