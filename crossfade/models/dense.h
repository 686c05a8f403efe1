// Dense linear algebra of the trainers: the one place that calls OpenBLAS (as single-threaded
// routines inside our own blocks, so results do not depend on the number of threads). Offline only;
// what a server computes stands in kernels/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/kernels/ridge.h"

namespace crossfade {

// Eigenvectors of a Gram matrix M^T M: M * axes has orthogonal columns whose squared lengths are
// `strengths`, the largest first.
struct PrincipalAxes {
  std::vector<float> axes;       // dims by dims, row-major; column k is the k-th axis
  std::vector<float> strengths;  // dims, >= 0
};

// Of the matrix whose rows of `dims` floats lie one after another. Sums blocks of rows in single
// and over blocks in double precision, in a fixed order; O(rows dims^2 + dims^3).
PrincipalAxes principal_axes(std::span<const float> rows, std::size_t dims, ThreadPool& threads);
// rows <- rows * axes, in place.
void rotate_rows(std::span<float> rows, std::size_t dims, std::span<const float> axes,
                 ThreadPool& threads);

// out = rows * others^T: the products of every row of `dims` numbers with every one of `others`,
// others after others; of one thread.
void multiply_rows(std::span<const float> rows, std::span<const float> others, std::size_t dims,
                   std::span<float> out);

// x <- matrix^-1 x by Cholesky factorisation of the lower triangle (row-major) of a symmetric
// matrix, which is overwritten; of one thread. x: one right-hand side or several, one behind
// another. False where the matrix is not positive definite in single precision.
bool solve_positive_definite(std::span<float> matrix, std::span<float> x);

// The steps of what is computed by blocks (symmetric_inverse.h), each of one thread. A block is
// square and row-major with `size` numbers a side; l is lower triangular, what stands above its
// diagonal is not looked at. T: float, double.
template <class T>
class BlockSteps {
 public:
  explicit BlockSteps(std::size_t size) : size_(static_cast<int>(size)) {}

  bool factor(T* a) const;                                // a = l l^T, a <- l; false: not positive
  void invert(T* l) const;                                // l <- l^-1
  void square(T* l) const;                                // the lower triangle of l^T l
  void divide_right_transposed(T* x, const T* l) const;   // x <- x l^-T
  void divide_right_negated(T* x, const T* l) const;      // x <- -x l^-1
  void divide_left(T* x, const T* l) const;               // x <- l^-1 x
  void multiply_left_transposed(T* x, const T* l) const;  // x <- l^T x
  void subtract_times_transposed(T* c, const T* a, const T* b) const;  // c <- c - a b^T
  void add_times(T* c, const T* a, const T* b) const;                  // c <- c + a b
  void add_transposed_times(T* c, const T* a, const T* b) const;       // c <- c + a^T b

 private:
  int size_;
};

// The exact solution of the problem of kernels/ridge.h by Cholesky factorisation, of one thread.
// With n observations and d dimensions it factors whichever is smaller: the d by d matrix
// I + Z^T W Z, or (by the push-through identity Z^T (W^-1 + Z Z^T)^-1 W^-1 b, for n <= d) the n by
// n one; so short histories cost n^2 d even where d is in the thousands.
class ExactRidgeSolver {
 public:
  explicit ExactRidgeSolver(std::size_t dims) : dims_(dims) {}
  // `linear` has to be empty. Overwrites x. An observation of weight 0 is our own mistake.
  void solve(const kernels::RidgeProblem& problem, std::span<float> x);
  std::span<const float> predictions() const { return predictions_; }
  // sum_j weights_j s_j^2 - 2 pulls_j s_j of the last solution.
  double objective() const { return objective_; }

 private:
  // Rows of the observations from `begin` on, each times D^-1/2 and its factor.
  void gather(const kernels::RidgeProblem& problem, std::size_t begin, std::size_t count,
              std::span<const float> factors);
  void solve_observations(const kernels::RidgeProblem& problem, std::span<float> x);
  void solve_dimensions(const kernels::RidgeProblem& problem, std::span<float> x);

  std::size_t dims_;
  std::vector<float> scale_, block_, matrix_, roots_, predictions_;
  double objective_ = 0;
};

// "Haswell": the processor family whose kernels OpenBLAS chose; part of a result's provenance.
std::string blas_core_name();

}  // namespace crossfade
