// The three sweeps over blocks; see symmetric_inverse.h. Blocks of a step do not depend on each
// other.
#include "crossfade/models/symmetric_inverse.h"

#include <cmath>
#include <utility>

#include "crossfade/models/dense.h"

namespace crossfade {
namespace {

// body(n) for 0 <= n < count on all threads, not any more after a stop.
template <class Body>
void each(std::int64_t count, Context& context, bool counted, const Body& body) {
  context.threads.parallel_for(count, 1, [&](std::int64_t n, std::int64_t, int) {
    if (context.stop.load()) return;
    body(n);
    if (counted) context.progress.advance(1);
  });
}

// The n-th of the pairs (0, 0), (1, 0), (1, 1), (2, 0)...
std::pair<std::int64_t, std::int64_t> pair_at(std::int64_t n) {
  auto i = static_cast<std::int64_t>((std::sqrt(8.0 * static_cast<double>(n) + 1) - 1) / 2);
  while (i * (i + 1) / 2 > n) --i;
  while ((i + 1) * (i + 2) / 2 <= n) ++i;
  return {i, n - i * (i + 1) / 2};
}

// How many products of blocks there are: of the factor and the square, and of the inverse.
std::int64_t products(std::int64_t blocks) {
  return (blocks + 1) * blocks * (blocks - 1) / 3 + blocks * (blocks - 1) * (blocks - 2) / 6;
}

}  // namespace

template <class T>
SymmetricMatrix<T>::SymmetricMatrix(std::int64_t n, std::int64_t side)
    : n_(n),
      side_(std::max<std::int64_t>(1, std::min(n, side))),
      blocks_((n + side_ - 1) / side_),
      values_(static_cast<std::size_t>(blocks_ * (blocks_ + 1) / 2 * side_ * side_)) {
  // What sticks out of the last block is a unit matrix and stays one.
  for (std::int64_t i = n; i < blocks_ * side_; ++i) at(i, i) = 1;
}

template <class T>
double SymmetricMatrix<T>::bytes(std::int64_t n, std::int64_t side) {
  const double padded = static_cast<double>((n + side - 1) / side * side);
  return padded * (padded + static_cast<double>(side)) / 2 * sizeof(T);
}

template <class T>
void SymmetricMatrix<T>::set_row(std::int64_t i, std::span<const T> values) {
  for (std::int64_t j = 0; j <= i; j += side_)
    std::copy_n(values.data() + j, std::min(side_, i + 1 - j), &at(i, j));
}

template <class T>
void SymmetricMatrix<T>::copy_rows(std::int64_t begin, std::int64_t end, std::span<T> out) const {
  const std::int64_t border = (begin / side_ + 1) * side_;
  if (border < end) {  // the rows of one block at a time
    const auto cut = static_cast<std::size_t>((border - begin) * n_);
    copy_rows(begin, border, out.first(cut));
    copy_rows(border, end, out.subspan(cut));
    return;
  }
  for (std::int64_t i = begin; i < end; ++i)
    for (std::int64_t j = 0; j <= i; j += side_)
      std::copy_n(&at(i, j), std::min(side_, i + 1 - j), out.data() + (i - begin) * n_ + j);
  for (std::int64_t j = begin; j < n_; ++j) {
    const T* column = &at(j, begin);  // of rows below: what stands right of the diagonal
    for (std::int64_t i = begin; i < std::min(end, j); ++i)
      out[static_cast<std::size_t>((i - begin) * n_ + j)] = column[i - begin];
  }
}

template <class T>
Status SymmetricMatrix<T>::invert(const std::string& what, Context& context) {
  context.progress.begin(what, products(blocks_), "blocks");
  const bool factored = factor(context);
  if (factored) {
    invert_factor(context);
    square_factor(context);
  }
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return factored ? ok_status() : failed(what + ": the matrix is not positive definite");
}

template <class T>
bool SymmetricMatrix<T>::factor(Context& context) {
  const BlockSteps<T> steps(static_cast<std::size_t>(side_));
  for (std::int64_t k = 0; k < blocks_; ++k) {
    if (context.stop.load()) return true;
    if (!steps.factor(block(k, k))) return false;
    const std::int64_t below = blocks_ - k - 1;
    each(below, context, false,
         [&](std::int64_t n) { steps.divide_right_transposed(block(k + 1 + n, k), block(k, k)); });
    each(below * (below + 1) / 2, context, true, [&](std::int64_t n) {
      const auto [i, j] = pair_at(n);
      steps.subtract_times_transposed(block(k + 1 + i, k + 1 + j), block(k + 1 + i, k),
                                      block(k + 1 + j, k));
    });
  }
  return true;
}

template <class T>
void SymmetricMatrix<T>::invert_factor(Context& context) {
  const BlockSteps<T> steps(static_cast<std::size_t>(side_));
  for (std::int64_t k = 0; k < blocks_ && !context.stop.load(); ++k) {
    const std::int64_t below = blocks_ - k - 1;
    each(below, context, false,
         [&](std::int64_t n) { steps.divide_right_negated(block(k + 1 + n, k), block(k, k)); });
    each(below * k, context, true, [&](std::int64_t n) {
      const std::int64_t i = k + 1 + n / k, j = n % k;
      steps.add_times(block(i, j), block(i, k), block(k, j));
    });
    each(k, context, false, [&](std::int64_t j) { steps.divide_left(block(k, j), block(k, k)); });
    steps.invert(block(k, k));
  }
}

template <class T>
void SymmetricMatrix<T>::square_factor(Context& context) {
  const BlockSteps<T> steps(static_cast<std::size_t>(side_));
  for (std::int64_t k = 0; k < blocks_ && !context.stop.load(); ++k) {
    each(k * (k + 1) / 2, context, true, [&](std::int64_t n) {
      const auto [i, j] = pair_at(n);
      steps.add_transposed_times(block(i, j), block(k, i), block(k, j));
    });
    each(k, context, false,
         [&](std::int64_t j) { steps.multiply_left_transposed(block(k, j), block(k, k)); });
    steps.square(block(k, k));
  }
}

template class SymmetricMatrix<float>;
template class SymmetricMatrix<double>;

}  // namespace crossfade
