// One ridge problem, solved until it no longer moves; see als_fold_in.h.
#include "crossfade/models/als/als_fold_in.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/kernels/ridge.h"

namespace crossfade {
namespace {

constexpr kernels::CgLimits kToConvergence{1000, 1e-6F};

std::vector<float> diagonal_of(const AlsConfig& config, const AlsFixedSide& fixed,
                               const AlsObservations& observations) {
  const float penalty =
      config.penalty(static_cast<std::int64_t>(observations.rows.size()), fixed.num_rows);
  std::vector<float> diagonal(fixed.strengths.begin(), fixed.strengths.end());
  for (float& d : diagonal) d = static_cast<float>(config.unobserved_weight) * d + penalty;
  return diagonal;
}

}  // namespace

AlsObservations observe(const AlsConfig& config, std::span<const std::int32_t> rows,
                        std::span<const float> weights, std::int64_t num_rows) {
  std::vector<std::pair<std::int32_t, float>> pairs;
  pairs.reserve(rows.size());
  for (std::size_t j = 0; j < rows.size(); ++j)
    if (rows[j] >= 0 && rows[j] < num_rows)
      pairs.emplace_back(rows[j], weights.empty() ? 1.0F : weights[j]);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  AlsObservations result;
  for (std::size_t j = 0; j < pairs.size();) {
    const std::int32_t row = pairs[j].first;
    float sum = 0;
    for (; j < pairs.size() && pairs[j].first == row; ++j) sum += pairs[j].second;
    if (!(sum > 0)) continue;
    result.rows.push_back(row);
    result.weights.push_back(config.confidence(sum));
    result.pulls.push_back(result.weights.back() + config.extra_pull());
  }
  return result;
}

std::vector<float> fold_in(const AlsConfig& config, const AlsFixedSide& fixed,
                           const AlsObservations& observations) {
  const std::size_t dims = fixed.strengths.size();
  std::vector<float> x(dims);
  if (observations.empty()) return x;
  const std::vector<float> diagonal = diagonal_of(config, fixed, observations);
  kernels::RidgeSolver solver(dims);
  solver.solve(
      {fixed.rows, dims, observations.rows, observations.weights, observations.pulls, diagonal},
      kToConvergence, x);
  return x;
}

std::vector<float> contributions(const AlsConfig& config, const AlsFixedSide& fixed,
                                 const AlsObservations& observations,
                                 std::span<const float> target) {
  const std::size_t dims = fixed.strengths.size();
  if (observations.empty()) return {};
  // The solution for a right-hand side of `target` alone is W target; its predictions are the
  // y_j^T W target.
  const std::vector<float> diagonal = diagonal_of(config, fixed, observations);
  const std::vector<float> no_pulls(observations.rows.size());
  std::vector<float> x(dims);
  kernels::RidgeSolver solver(dims);
  solver.solve(
      {fixed.rows, dims, observations.rows, observations.weights, no_pulls, diagonal, target},
      kToConvergence, x);
  std::vector<float> result(solver.predictions().begin(), solver.predictions().end());
  for (std::size_t j = 0; j < result.size(); ++j) result[j] *= observations.pulls[j];
  return result;
}

}  // namespace crossfade
