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
