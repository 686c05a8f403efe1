// Fold-in: the factors of a user (or item) that training has not seen, from what it was seen with.
//
// One row of ALS solved by itself against the other side's fixed factors (Hu, Koren, Volinsky 2008,
// section 4), to convergence. It takes microseconds because the dense part of the problem is
// diagonal in the principal axes that the model is stored in (kernels/ridge.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/data/history.h"
#include "crossfade/models/als/als_config.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// The rows of the other side that were seen, sorted, each once.
struct AlsObservations {
  std::vector<std::int32_t> rows;
  std::vector<float> weights, pulls;  // as in kernels/ridge.h

  bool empty() const { return rows.empty(); }
};

// Sums the weights of repeats as training does; empty `weights` count 1 each. Drops rows outside
// [0, num_rows) and pairs whose weight is not above zero.
AlsObservations observe(const AlsConfig& config, std::span<const std::int32_t> rows,
                        std::span<const float> weights, std::int64_t num_rows);

// One side's factors, in axes in which their Gram matrix is diagonal with entries `strengths`.
struct AlsFixedSide {
  const float* rows = nullptr;
  std::int64_t num_rows = 0;
  std::span<const float> strengths;
};

// The new row. Cost for n observations and d factors: about 4 n d multiply-adds for each of the
// 10 to 30 steps that convergence takes.
std::vector<float> fold_in(const AlsConfig& config, const AlsFixedSide& fixed,
                           const AlsObservations& observations);

// How much each observation adds to the product of the folded-in row with `target` (section 5 of
// the paper): pull_j y_j^T W target, where W is the inverse of the row's own matrix. In the order
// of the observations; they sum up to the product.
std::vector<float> contributions(const AlsConfig& config, const AlsFixedSide& fixed,
                                 const AlsObservations& observations,
                                 std::span<const float> target);

}  // namespace crossfade
