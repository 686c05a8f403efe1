// Axes, rotation and the exact solver against hand-worked numbers and against each other.
#include "crossfade/models/dense.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

std::vector<float> random_values(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

TEST(PrincipalAxes, HandWorked) {
  // Rows (2, 2) and (1, -1): the Gram matrix is (5, 3; 3, 5), with eigenvalues 8 along (1, 1) and 2
  // along (1, -1).
  ThreadPool threads(1);
  const std::vector<float> rows{2, 2, 1, -1};
  const PrincipalAxes found = principal_axes(rows, 2, threads);
  EXPECT_NEAR(found.strengths[0], 8, 1e-5);
  EXPECT_NEAR(found.strengths[1], 2, 1e-5);
  EXPECT_NEAR(found.axes[0], found.axes[2], 1e-6);   // first column
  EXPECT_NEAR(found.axes[1], -found.axes[3], 1e-6);  // second column
}

TEST(PrincipalAxes, RotationKeepsProductsAndMakesTheGramMatrixDiagonal) {
  for (const std::size_t dims : {1, 7, 64}) {
    ThreadPool threads(2);
    std::vector<float> rows = random_values(1500 * dims, dims);
    std::vector<float> others = random_values(300 * dims, dims + 1);
    const std::vector<float> before = rows, others_before = others;
    const PrincipalAxes found = principal_axes(rows, dims, threads);
    rotate_rows(rows, dims, found.axes, threads);
    rotate_rows(others, dims, found.axes, threads);
    for (std::size_t i = 0; i < 300; ++i) {
      double product = 0, product_before = 0;
      for (std::size_t k = 0; k < dims; ++k) {
        product += static_cast<double>(rows[i * dims + k]) * others[i * dims + k];
        product_before += static_cast<double>(before[i * dims + k]) * others_before[i * dims + k];
      }
      ASSERT_NEAR(product, product_before, 1e-4);
    }
    for (std::size_t k = 0; k < dims; ++k)
      for (std::size_t l = 0; l <= k; ++l) {
        double gram = 0;
        for (std::size_t i = 0; i < 1500; ++i)
          gram += static_cast<double>(rows[i * dims + k]) * rows[i * dims + l];
        ASSERT_NEAR(gram, k == l ? found.strengths[k] : 0, 0.01) << k << ", " << l;
      }
    for (std::size_t k = 1; k < dims; ++k) EXPECT_GE(found.strengths[k - 1], found.strengths[k]);
  }
}

TEST(PrincipalAxes, SameBytesForAnyNumberOfThreads) {
  const std::vector<float> rows = random_values(5000 * 24, 3);
  ThreadPool one(1), four(4);
  const PrincipalAxes a = principal_axes(rows, 24, one), b = principal_axes(rows, 24, four);
  EXPECT_EQ(a.axes, b.axes);
  EXPECT_EQ(a.strengths, b.strengths);
  std::vector<float> turned_a = rows, turned_b = rows;
  rotate_rows(turned_a, 24, a.axes, one);
  rotate_rows(turned_b, 24, a.axes, four);
  EXPECT_EQ(turned_a, turned_b);
}

struct Planted {
  std::size_t dims;
  std::vector<float> rows, weights, pulls, diagonal;
  std::vector<std::int32_t> indices;
  kernels::RidgeProblem problem() const {
    return {rows.data(), dims, indices, weights, pulls, diagonal};
  }
};

Planted plant(std::size_t dims, std::size_t count) {
  Planted planted{dims, random_values((count + 3) * dims, count), {}, {}, {}, {}};
  Rng rng(dims);
  for (std::size_t j = 0; j < count; ++j) {
    planted.indices.push_back(static_cast<std::int32_t>((j * 5 + 2) % (count + 3)));
    planted.weights.push_back(static_cast<float>(0.1 + 3 * rng.uniform()));
    planted.pulls.push_back(static_cast<float>(rng.normal()));
  }
  for (std::size_t k = 0; k < dims; ++k)
    planted.diagonal.push_back(static_cast<float>(1 + 5 * rng.uniform()));
  return planted;
}

TEST(ExactRidge, HandWorked) {
  // As in kernels/ridge_test.cc: x = (20, 10) / 28; by observations (1 <= 2 dimensions).
  const std::vector<float> rows{9, 9, 1, 2}, weights{3}, pulls{5}, diagonal{1, 4};
  const std::vector<std::int32_t> indices{1};
  std::vector<float> x{7, 7};
  ExactRidgeSolver solver(2);
  solver.solve({rows.data(), 2, indices, weights, pulls, diagonal}, x);
  EXPECT_NEAR(x[0], 20.0 / 28, 1e-6);
  EXPECT_NEAR(x[1], 10.0 / 28, 1e-6);
  EXPECT_NEAR(solver.predictions()[0], 40.0 / 28, 1e-6);
  EXPECT_NEAR(solver.objective(), 3 * 1600.0 / 784 - 2 * 5 * 40.0 / 28, 1e-5);
}

TEST(ExactRidge, BothWaysAreWhatConjugateGradientsConvergeTo) {
  ExactRidgeSolver exact(24);  // one solver for all, as in training: nothing may be left over
  kernels::RidgeSolver approximate(24);
  for (const std::size_t count : {3000, 24, 1, 25, 60, 0, 1025}) {
    const Planted planted = plant(24, count);
    std::vector<float> x(24, 5.0F), y(24, 0.0F);
    exact.solve(planted.problem(), x);
    approximate.solve(planted.problem(), {300, 1e-7F}, y);
    for (std::size_t k = 0; k < 24; ++k) ASSERT_NEAR(x[k], y[k], 2e-4) << count << " rows";
    for (std::size_t j = 0; j < count; ++j)
      ASSERT_NEAR(exact.predictions()[j], approximate.predictions()[j], 1e-3);
    EXPECT_NEAR(exact.objective(), approximate.objective(),
                1e-4 * (1 + std::abs(exact.objective())));
  }
}

TEST(Dense, NamesItsProcessorFamily) {
  EXPECT_FALSE(blas_core_name().empty());
}

}  // namespace
}  // namespace crossfade
