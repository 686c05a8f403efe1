// The inverse of a large symmetric positive definite matrix, in place and on all threads.
//
// Only the lower half is stored, as square blocks; a Cholesky factor (A = L L^T), its inverse and
// L^-T L^-1 overwrite one another, block step by block step (the tiled forms of LAPACK's potrf,
// trtri and lauum: Agullo, Bouwmeester, Dongarra, Kurzak, Langou, Rosenberg: Towards an Efficient
// Tile Matrix Inversion of Symmetric Positive Definite Matrices on Multicore Architectures, VECPAR
// 2010). n^3 operations, n^2 / 2 numbers. Every block is changed by one thread at a time and in one
// order: the same bytes for any number of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/context.h"

namespace crossfade {

// T: float, double. Starts as zeros.
template <class T>
class SymmetricMatrix {
 public:
  explicit SymmetricMatrix(std::int64_t n, std::int64_t side = 512);

  std::int64_t size() const { return n_; }
  // What such a matrix takes.
  static double bytes(std::int64_t n, std::int64_t side = 512);

  // Entry (i, j) for 0 <= j <= i < size().
  T& at(std::int64_t i, std::int64_t j) {
    return block(i / side_, j / side_)[(i % side_) * side_ + j % side_];
  }
  const T& at(std::int64_t i, std::int64_t j) const {
    return const_cast<SymmetricMatrix*>(this)->at(i, j);  // NOLINT: nothing is changed
  }
  // Entries (i, 0) to (i, i).
  void set_row(std::int64_t i, std::span<const T> values);
  // Rows [begin, end) in full, size() numbers each, one after another.
  void copy_rows(std::int64_t begin, std::int64_t end, std::span<T> out) const;

  // Errors: stopped; failed where the matrix is not positive definite in this precision (then it is
  // in no state to be used). `what` names it for progress.
  Status invert(const std::string& what, Context& context);

 private:
  // Block (i, j) for j <= i.
  T* block(std::int64_t i, std::int64_t j) {
    return values_.data() + static_cast<std::size_t>((i * (i + 1) / 2 + j) * side_ * side_);
  }
  bool factor(Context& context);
  void invert_factor(Context& context);
  void square_factor(Context& context);

  std::int64_t n_, side_, blocks_;
  std::vector<T> values_;
};

}  // namespace crossfade
