// Blocks of BLAS and LAPACK calls; see dense.h.
#include "crossfade/models/dense.h"

#include <cblas.h>
#include <lapacke.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>

#include "crossfade/base/check.h"

namespace crossfade {
namespace {

// OpenBLAS starts with a thread per core of its own; ours are the only ones that compute.
void use_one_blas_thread() {
  static std::once_flag once;
  std::call_once(once, [] { scipy_openblas_set_num_threads(1); });
}

int narrow(std::size_t n) {
  return static_cast<int>(n);
}

// The routines of both precisions under one name.
struct Side {
  CBLAS_SIDE side;
  CBLAS_TRANSPOSE transpose;
};
struct Both {
  CBLAS_TRANSPOSE a, b;
};
void triangle_solve(Side of, int n, float alpha, const float* l, float* x) {
  scipy_cblas_strsm(CblasRowMajor, of.side, CblasLower, of.transpose, CblasNonUnit, n, n, alpha, l,
                    n, x, n);
}
void triangle_multiply(Side of, int n, const float* l, float* x) {
  scipy_cblas_strmm(CblasRowMajor, of.side, CblasLower, of.transpose, CblasNonUnit, n, n, 1, l, n,
                    x, n);
}
void triangle_solve(Side of, int n, double alpha, const double* l, double* x) {
  scipy_cblas_dtrsm(CblasRowMajor, of.side, CblasLower, of.transpose, CblasNonUnit, n, n, alpha, l,
                    n, x, n);
}
void triangle_multiply(Side of, int n, const double* l, double* x) {
  scipy_cblas_dtrmm(CblasRowMajor, of.side, CblasLower, of.transpose, CblasNonUnit, n, n, 1, l, n,
                    x, n);
}
void add_product(Both of, int n, float alpha, const float* a, const float* b, float* c) {
  scipy_cblas_sgemm(CblasRowMajor, of.a, of.b, n, n, n, alpha, a, n, b, n, 1, c, n);
}
int factor_upper(int n, float* a) {
  return scipy_LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', n, a, n);
}
int invert_upper(int n, float* a) {
  return scipy_LAPACKE_strtri_work(LAPACK_COL_MAJOR, 'U', 'N', n, a, n);
}
int square_upper(int n, float* a) {
  return scipy_LAPACKE_slauum_work(LAPACK_COL_MAJOR, 'U', n, a, n);
}
void add_product(Both of, int n, double alpha, const double* a, const double* b, double* c) {
  scipy_cblas_dgemm(CblasRowMajor, of.a, of.b, n, n, n, alpha, a, n, b, n, 1, c, n);
}
int factor_upper(int n, double* a) {
  return scipy_LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n, a, n);
}
int invert_upper(int n, double* a) {
  return scipy_LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'U', 'N', n, a, n);
}
int square_upper(int n, double* a) {
  return scipy_LAPACKE_dlauum_work(LAPACK_COL_MAJOR, 'U', n, a, n);
}

// The lower triangle (row-major) of rows^T rows. Few parts, so that their sums stay small for many
// dimensions, each summed up in pieces that fit the cache.
std::vector<double> gram(std::span<const float> rows, std::size_t dims, ThreadPool& threads) {
  constexpr std::int64_t kParts = 16, kPiece = 256;
  const auto count = static_cast<std::int64_t>(rows.size() / dims);
  const auto map = [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sum(dims * dims);
    std::vector<float> piece(dims * dims);
    for (std::int64_t at = begin; at < end; at += kPiece * 8) {
      std::fill(piece.begin(), piece.end(), 0.0F);
      for (std::int64_t r = at; r < std::min(at + kPiece * 8, end); r += kPiece)
        scipy_cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, narrow(dims),
                          static_cast<int>(std::min(kPiece, end - r)), 1.0F,
                          rows.data() + static_cast<std::size_t>(r) * dims, narrow(dims), 1.0F,
                          piece.data(), narrow(dims));
      for (std::size_t i = 0; i < piece.size(); ++i) sum[i] += piece[i];
    }
    return sum;
  };
  const auto fold = [](std::vector<double>& total, const std::vector<double>& part) {
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
  };
  const std::int64_t grain = std::max<std::int64_t>(kPiece, (count + kParts - 1) / kParts);
  return threads.map_reduce(count, grain, std::vector<double>(dims * dims), map, fold);
}

}  // namespace

PrincipalAxes principal_axes(std::span<const float> rows, std::size_t dims, ThreadPool& threads) {
  use_one_blas_thread();
  std::vector<double> matrix = gram(rows, dims, threads);
  std::vector<double> values(dims);
  // Row-major lower is column-major upper; the vectors come as columns of the column-major result,
  // that is as rows of ours, the smallest first.
  const int info = scipy_LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', narrow(dims), matrix.data(),
                                        narrow(dims), values.data());
  if (info == LAPACK_WORK_MEMORY_ERROR) throw std::bad_alloc();
  CROSSFADE_CHECK(info == 0, "the Gram matrix of finite factors has eigenvectors");
  PrincipalAxes result{std::vector<float>(dims * dims), std::vector<float>(dims)};
  for (std::size_t k = 0; k < dims; ++k) {
    const std::size_t from = dims - 1 - k;
    result.strengths[k] = static_cast<float>(std::max(0.0, values[from]));
    for (std::size_t i = 0; i < dims; ++i)
      result.axes[i * dims + k] = static_cast<float>(matrix[from * dims + i]);
  }
  return result;
}

void rotate_rows(std::span<float> rows, std::size_t dims, std::span<const float> axes,
                 ThreadPool& threads) {
  use_one_blas_thread();
  constexpr std::int64_t kRows = 256;
  const auto count = static_cast<std::int64_t>(rows.size() / dims);
  std::vector<std::vector<float>> copies(static_cast<std::size_t>(threads.num_threads()));
  threads.parallel_for(count, kRows, [&](std::int64_t begin, std::int64_t end, int worker) {
    float* block = rows.data() + static_cast<std::size_t>(begin) * dims;
    const std::size_t size = static_cast<std::size_t>(end - begin) * dims;
    std::vector<float>& copy = copies[static_cast<std::size_t>(worker)];
    copy.assign(block, block + size);
    scipy_cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(end - begin),
                      narrow(dims), narrow(dims), 1.0F, copy.data(), narrow(dims), axes.data(),
                      narrow(dims), 0.0F, block, narrow(dims));
  });
}

void multiply_rows(std::span<const float> rows, std::span<const float> others, std::size_t dims,
                   std::span<float> out) {
  use_one_blas_thread();
  const int m = narrow(rows.size() / dims), n = narrow(others.size() / dims), d = narrow(dims);
  scipy_cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, d, 1.0F, rows.data(), d,
                    others.data(), d, 0.0F, out.data(), n);
}

bool solve_positive_definite(std::span<float> matrix, std::span<float> x) {
  use_one_blas_thread();
  const int n = narrow(static_cast<std::size_t>(std::lround(std::sqrt(matrix.size()))));
  if (n == 0) return true;
  const int sides = narrow(x.size() / static_cast<std::size_t>(n));
  // Row-major lower is column-major upper.
  if (scipy_LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', n, matrix.data(), n) != 0) return false;
  scipy_LAPACKE_spotrs_work(LAPACK_COL_MAJOR, 'U', n, sides, matrix.data(), n, x.data(), n);
  return true;
}

void ExactRidgeSolver::gather(const kernels::RidgeProblem& problem, std::size_t begin,
                              std::size_t count, std::span<const float> factors) {
  if (block_.size() < count * dims_) block_.resize(count * dims_);
  for (std::size_t j = 0; j < count; ++j) {
    const float* row = problem.rows + static_cast<std::size_t>(problem.indices[begin + j]) * dims_;
    const float factor = factors.empty() ? 1.0F : factors[begin + j];
    float* out = block_.data() + j * dims_;
    for (std::size_t k = 0; k < dims_; ++k) out[k] = row[k] * (scale_[k] * factor);
  }
}

void ExactRidgeSolver::solve(const kernels::RidgeProblem& problem, std::span<float> x) {
  use_one_blas_thread();
  CROSSFADE_CHECK(problem.dims == dims_ && problem.linear.empty(), "no problem of this solver");
  scale_.resize(dims_);
  for (std::size_t k = 0; k < dims_; ++k) scale_[k] = 1 / std::sqrt(problem.diagonal[k]);
  predictions_.resize(problem.indices.size());
  if (problem.indices.size() <= dims_)
    solve_observations(problem, x);
  else
    solve_dimensions(problem, x);
  for (std::size_t k = 0; k < dims_; ++k) x[k] *= scale_[k];
  objective_ = 0;
  for (std::size_t j = 0; j < predictions_.size(); ++j) {
    const double s = predictions_[j];
    objective_ += (problem.weights[j] * s - 2 * problem.pulls[j]) * s;
  }
}

// t = (W^-1 + Z Z^T)^-1 W^-1 b, x = Z^T t, and s = Z x = W^-1 (b - t).
void ExactRidgeSolver::solve_observations(const kernels::RidgeProblem& problem,
                                          std::span<float> x) {
  const std::size_t count = problem.indices.size();
  std::fill(x.begin(), x.end(), 0.0F);
  if (count == 0) return;
  gather(problem, 0, count, {});
  matrix_.resize(std::max(matrix_.size(), count * count));
  const int n = narrow(count), d = narrow(dims_);
  scipy_cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, n, d, 1.0F, block_.data(), d, 0.0F,
                    matrix_.data(), n);
  for (std::size_t j = 0; j < count; ++j) {
    CROSSFADE_CHECK(problem.weights[j] > 0, "an observation weighs something");
    matrix_[j * count + j] += 1 / problem.weights[j];
    predictions_[j] = problem.pulls[j] / problem.weights[j];
  }
  // Row-major lower is column-major upper.
  const int factored = scipy_LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', n, matrix_.data(), n);
  CROSSFADE_CHECK(factored == 0, "a positive definite matrix has a Cholesky factor");
  scipy_LAPACKE_spotrs_work(LAPACK_COL_MAJOR, 'U', n, 1, matrix_.data(), n, predictions_.data(), n);
  scipy_cblas_sgemv(CblasRowMajor, CblasTrans, n, d, 1.0F, block_.data(), d, predictions_.data(), 1,
                    0.0F, x.data(), 1);
  for (std::size_t j = 0; j < count; ++j)
    predictions_[j] = problem.pulls[j] / problem.weights[j] - predictions_[j] / problem.weights[j];
}

// (I + Z^T W Z) x = Z^T b, with the rows of W^1/2 Z gathered piece by piece.
void ExactRidgeSolver::solve_dimensions(const kernels::RidgeProblem& problem, std::span<float> x) {
  constexpr std::size_t kPiece = 1024;
  const std::size_t count = problem.indices.size();
  const int d = narrow(dims_);
  roots_.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    CROSSFADE_CHECK(problem.weights[j] > 0, "an observation weighs something");
    roots_[j] = std::sqrt(problem.weights[j]);
    predictions_[j] = problem.pulls[j] / roots_[j];
  }
  matrix_.assign(std::max(matrix_.size(), dims_ * dims_), 0.0F);
  for (std::size_t k = 0; k < dims_; ++k) matrix_[k * dims_ + k] = 1;
  std::fill(x.begin(), x.end(), 0.0F);
  for (std::size_t begin = 0; begin < count; begin += kPiece) {
    const std::size_t size = std::min(kPiece, count - begin);
    gather(problem, begin, size, roots_);
    scipy_cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, d, narrow(size), 1.0F, block_.data(),
                      d, 1.0F, matrix_.data(), d);
    scipy_cblas_sgemv(CblasRowMajor, CblasTrans, narrow(size), d, 1.0F, block_.data(), d,
                      predictions_.data() + begin, 1, 1.0F, x.data(), 1);
  }
  const int factored = scipy_LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', d, matrix_.data(), d);
  CROSSFADE_CHECK(factored == 0, "a positive definite matrix has a Cholesky factor");
  scipy_LAPACKE_spotrs_work(LAPACK_COL_MAJOR, 'U', d, 1, matrix_.data(), d, x.data(), d);
  for (std::size_t begin = 0; begin < count; begin += kPiece) {
    const std::size_t size = std::min(kPiece, count - begin);
    if (count > kPiece) gather(problem, begin, size, roots_);
    scipy_cblas_sgemv(CblasRowMajor, CblasNoTrans, narrow(size), d, 1.0F, block_.data(), d,
                      x.data(), 1, 0.0F, predictions_.data() + begin, 1);
  }
  for (std::size_t j = 0; j < count; ++j) predictions_[j] /= roots_[j];
}

// Row-major lower is column-major upper: the factorisation reads a = u^T u with u = l^T, so
// the inverse of u is that of l, and u u^T is l^T l.
template <class T>
bool BlockSteps<T>::factor(T* a) const {
  use_one_blas_thread();
  return factor_upper(size_, a) == 0;
}
template <class T>
void BlockSteps<T>::invert(T* l) const {
  CROSSFADE_CHECK(invert_upper(size_, l) == 0, "a factor has an inverse");
}
template <class T>
void BlockSteps<T>::square(T* l) const {
  CROSSFADE_CHECK(square_upper(size_, l) == 0, "a triangle has a square");
}
template <class T>
void BlockSteps<T>::divide_right_transposed(T* x, const T* l) const {
  triangle_solve({CblasRight, CblasTrans}, size_, 1, l, x);
}
template <class T>
void BlockSteps<T>::divide_right_negated(T* x, const T* l) const {
  triangle_solve({CblasRight, CblasNoTrans}, size_, -1, l, x);
}
template <class T>
void BlockSteps<T>::divide_left(T* x, const T* l) const {
  triangle_solve({CblasLeft, CblasNoTrans}, size_, 1, l, x);
}
template <class T>
void BlockSteps<T>::multiply_left_transposed(T* x, const T* l) const {
  triangle_multiply({CblasLeft, CblasTrans}, size_, l, x);
}
template <class T>
void BlockSteps<T>::subtract_times_transposed(T* c, const T* a, const T* b) const {
  add_product({CblasNoTrans, CblasTrans}, size_, -1, a, b, c);
}
template <class T>
void BlockSteps<T>::add_times(T* c, const T* a, const T* b) const {
  add_product({CblasNoTrans, CblasNoTrans}, size_, 1, a, b, c);
}
template <class T>
void BlockSteps<T>::add_transposed_times(T* c, const T* a, const T* b) const {
  add_product({CblasTrans, CblasNoTrans}, size_, 1, a, b, c);
}
template class BlockSteps<float>;
template class BlockSteps<double>;

std::string blas_core_name() {
  return scipy_openblas_get_corename();
}

}  // namespace crossfade
