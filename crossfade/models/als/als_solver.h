// Half a step of ALS: with one side's factors fixed, every row of the other side is solved by
// itself, on all threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/als/als_config.h"

namespace crossfade {

// The log as one side sees it: row r's observed pairs and their confidences (as SparseMatrix
// values).
struct AlsSide {
  SparseMatrix confidences;
  std::vector<std::int64_t> blocks;  // rows [blocks[b], blocks[b+1]) are one unit of work

  // Cuts the rows into blocks of about equal work, which depend on the matrix alone.
  static AlsSide make(SparseMatrix confidences);
};

// What half a step leaves of the objective (models/als/README.md).
struct AlsLoss {
  double pairs = 0;    // observed and unobserved pairs
  double penalty = 0;  // lambda |row|^2 of the rows just solved
};

// Solves all rows of `side` into `rows` (warm start for conjugate gradients). `fixed` are the other
// side's factors, whose Gram matrix is diagonal with entries `strengths`. Rows without
// observations become zero. The loss is exact and costs nothing extra: the solver ends with every
// row's predictions, and sum over all pairs s^2 = sum_k strengths_k rows_k^2.
Result<AlsLoss> solve_side(const AlsConfig& config, const AlsSide& side,
                           std::span<const float> fixed, std::span<const float> strengths,
                           std::span<float> rows, Context& context);

}  // namespace crossfade
