// Weighted ridge regression on chosen rows of a factor matrix, by conjugate gradients: the inner
// problem of alternating least squares, in training and when a new user is folded in.
//
// For the rows y_j that a user has met, find the x that minimises
//
//   sum_j (weights_j s_j^2 - 2 pulls_j s_j) + sum_k diagonal_k x_k^2 - 2 linear . x,   s_j = y_j .
//   x
//
// that is, solve (D + sum_j weights_j y_j y_j^T) x = sum_j pulls_j y_j + linear. The dense part of
// the problem, the Gram matrix of all rows, has to be diagonal: whoever asks turns the factors to
// the principal axes of the Gram matrix first (models/als/README.md), which costs one small matrix
// product per row and makes two things cheap here. A step needs no product with a dense matrix; and
// scaling by D^-1/2 is an exact preconditioner for everything but the user's own rows, so that
// the method (Hestenes and Stiefel 1952) works on I + Z^T W Z, Z = Y D^-1/2, and converges
// quickly. Rows are gathered once, by the first pass, into a block that stays in the cache for all
// steps; each step fuses the inner products with their way back (8 rows at a time), and fetches
// ahead the rows of the problem that comes next.
//
// Cost: 4 * dims * rows multiply-adds per step. Same input, same instruction set: same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crossfade::kernels {

// Views; nothing is copied. indices, weights and pulls have one entry per observation j.
struct RidgeProblem {
  const float* rows = nullptr;  // row-major, dims floats per row
  std::size_t dims = 0;
  std::span<const std::int32_t> indices;  // the row of observation j
  std::span<const float> weights;         // > 0
  std::span<const float> pulls;
  std::span<const float> diagonal;     // dims entries > 0
  std::span<const float> linear = {};  // dims entries, or empty for zeros
  // Rows that the next problem will ask for: only a hint, to have them in the cache by then.
  std::span<const std::int32_t> upcoming = {};
};

struct CgLimits {
  std::int64_t steps = 3;
  float tolerance = 0;  // stop when the preconditioned residual fell to this share of its start
};

// Working memory of one thread. Observations beyond what `block_floats` holds are gathered again in
// every step, so memory stays bounded for rows of any length.
class RidgeSolver {
 public:
  explicit RidgeSolver(std::size_t dims, std::size_t block_floats = std::size_t{1} << 18);

  // Improves x (dims entries; zeros for a cold start) in place; returns the steps taken.
  std::int64_t solve(const RidgeProblem& problem, const CgLimits& limits, std::span<float> x);
  // s_j of the last solution, in the order of its observations.
  std::span<const float> predictions() const { return predictions_; }
  // sum_j weights_j s_j^2 - 2 pulls_j s_j of the last solution.
  float objective() const { return objective_; }

 private:
  std::size_t dims_, block_rows_;
  std::vector<float> block_, vectors_, observations_;
  std::span<const float> predictions_;
  float objective_ = 0;
};

}  // namespace crossfade::kernels
