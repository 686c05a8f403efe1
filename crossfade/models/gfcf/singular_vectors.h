// The top singular vectors of a large sparse matrix, by a randomised block method.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// A = U diag(values) V^T, cut to the largest values.
struct SingularVectors {
  std::int64_t factors = 0;
  std::vector<float> right;   // V: columns of A by factors, row-major
  std::vector<float> values;  // the largest first; 0 (with zeros in V) beyond the rank
};

struct SingularVectorOptions {
  std::int64_t factors = 256;  // fewer where A has fewer columns
  std::int64_t iterations = 8;
  std::uint64_t seed = 1;
};

// Columns of the block that is refined for so many factors.
std::int64_t subspace_columns(std::int64_t factors, std::int64_t columns);

// Randomised subspace iteration (Halko, Martinsson, Tropp: Finding Structure with Randomness, SIAM
// Review 2011, algorithms 4.4 and 5.1): Q of 32 more columns than asked for, Q <- orth(A^T
// orth(A Q)) again and again, then the singular vectors of A Q. O(iterations * (nonzeros + columns
// * factors)
// * factors); memory: factors numbers per row and twice as many per column. The same bytes for any
// number of threads. `transposed` is A^T. Errors: stopped.
Result<SingularVectors> right_singular_vectors(const SparseMatrix& matrix,
                                               const SparseMatrix& transposed,
                                               const SingularVectorOptions& options,
                                               Context& context);

}  // namespace crossfade
