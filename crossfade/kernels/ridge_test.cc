// Conjugate gradients against a hand-worked problem and a double-precision elimination, on every
// instruction set, with blocks that hold everything and blocks that are gathered again.
#include "crossfade/kernels/ridge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"

namespace crossfade::kernels {
namespace {

class RidgeTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

struct Planted {
  std::size_t dims;
  std::vector<float> rows, weights, pulls, diagonal, linear;
  std::vector<std::int32_t> indices;

  RidgeProblem problem() const {
    return {rows.data(), dims, indices, weights, pulls, diagonal, linear};
  }
};

Planted plant(std::size_t dims, std::size_t count, std::uint64_t seed) {
  Planted planted{dims, {}, {}, {}, {}, {}, {}};
  Rng rng(seed);
  const std::size_t num_rows = count + 5;
  for (std::size_t i = 0; i < num_rows * dims; ++i)
    planted.rows.push_back(static_cast<float>(rng.normal()));
  for (std::size_t j = 0; j < count; ++j) {
    planted.indices.push_back(static_cast<std::int32_t>((j * 7 + 3) % num_rows));
    planted.weights.push_back(static_cast<float>(0.5 + rng.uniform()));
    planted.pulls.push_back(static_cast<float>(rng.normal()));
  }
  for (std::size_t k = 0; k < dims; ++k) {
    planted.diagonal.push_back(static_cast<float>(1 + 9 * rng.uniform()));
    planted.linear.push_back(static_cast<float>(rng.normal()));
  }
  return planted;
}

// Gaussian elimination with pivots on (D + sum w y y^T) x = sum b y + c.
std::vector<double> eliminate(const Planted& planted) {
  const std::size_t n = planted.dims;
  std::vector<double> a(n * n), x(n);
  for (std::size_t k = 0; k < n; ++k) {
    a[k * n + k] = planted.diagonal[k];
    x[k] = planted.linear.empty() ? 0 : planted.linear[k];
  }
  for (std::size_t j = 0; j < planted.indices.size(); ++j) {
    const float* y = planted.rows.data() + static_cast<std::size_t>(planted.indices[j]) * n;
    for (std::size_t k = 0; k < n; ++k) {
      x[k] += static_cast<double>(planted.pulls[j]) * y[k];
      for (std::size_t l = 0; l < n; ++l)
        a[k * n + l] += static_cast<double>(planted.weights[j]) * y[k] * y[l];
    }
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t row = k + 1; row < n; ++row) {
      const double factor = a[row * n + k] / a[k * n + k];
      for (std::size_t l = k; l < n; ++l) a[row * n + l] -= factor * a[k * n + l];
      x[row] -= factor * x[k];
    }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t l = k + 1; l < n; ++l) x[k] -= a[k * n + l] * x[l];
    x[k] /= a[k * n + k];
  }
  return x;
}

TEST_P(RidgeTest, HandWorked) {
  // One row y = (1, 2), weight 3, pull 5, D = (1, 4): A = (4, 6; 6, 16), b = (5, 10);
  // x = (5 * 16 - 6 * 10, 4 * 10 - 6 * 5) / 28 = (20, 10) / 28, s = 40 / 28.
  const std::vector<float> rows{9, 9, 1, 2}, weights{3}, pulls{5}, diagonal{1, 4};
  const std::vector<std::int32_t> indices{1};
  std::vector<float> x{0, 0};
  RidgeSolver solver(2);
  solver.solve({rows.data(), 2, indices, weights, pulls, diagonal}, {10, 1e-7F}, x);
  EXPECT_NEAR(x[0], 20.0 / 28, 1e-6);
  EXPECT_NEAR(x[1], 10.0 / 28, 1e-6);
  ASSERT_EQ(solver.predictions().size(), 1u);
  EXPECT_NEAR(solver.predictions()[0], 40.0 / 28, 1e-6);
}

TEST_P(RidgeTest, ConvergesToTheExactSolution) {
  for (std::size_t dims : {1, 3, 8, 16, 17, 64, 100})
    for (std::size_t count : {0, 1, 7, 8, 9, 40, 301}) {
      const Planted planted = plant(dims, count, dims * 1000 + count);
      const std::vector<double> exact = eliminate(planted);
      for (std::size_t block_floats : {1, 1 << 18}) {  // 1: eight rows at a time, gathered again
        std::vector<float> x(dims, 0.0F);
        RidgeSolver solver(dims, block_floats);
        solver.solve(planted.problem(), {500, 1e-6F}, x);
        for (std::size_t k = 0; k < dims; ++k)
          ASSERT_NEAR(x[k], exact[k], 2e-4) << dims << " dims, " << count << " rows";
        for (std::size_t j = 0; j < count; ++j) {
          const float* y =
              planted.rows.data() + static_cast<std::size_t>(planted.indices[j]) * dims;
          double s = 0;
          for (std::size_t k = 0; k < dims; ++k) s += y[k] * exact[k];
          ASSERT_NEAR(solver.predictions()[j], s, 2e-3);
        }
      }
    }
}

TEST_P(RidgeTest, WarmStartContinuesAndMoreStepsAreCloser) {
  const Planted planted = plant(32, 60, 5);
  const std::vector<double> exact = eliminate(planted);
  const auto distance = [&](const std::vector<float>& x) {
    double sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) sum += (x[k] - exact[k]) * (x[k] - exact[k]);
    return std::sqrt(sum);
  };
  RidgeSolver solver(32);
  std::vector<float> x(32, 0.0F), cold(32, 0.0F);
  EXPECT_EQ(solver.solve(planted.problem(), {3, 0}, x), 3);
  const double after_three = distance(x);
  solver.solve(planted.problem(), {3, 0}, x);
  EXPECT_LT(distance(x), after_three);
  solver.solve(planted.problem(), {6, 0}, cold);
  EXPECT_LT(distance(cold), after_three);
}

TEST_P(RidgeTest, NothingObservedIsTheLinearTermAlone) {
  Planted planted = plant(5, 0, 1);
  std::vector<float> x(5, 3.0F);
  RidgeSolver solver(5);
  solver.solve(planted.problem(), {10, 1e-7F}, x);
  for (std::size_t k = 0; k < 5; ++k)
    EXPECT_NEAR(x[k], planted.linear[k] / planted.diagonal[k], 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Isa, RidgeTest, ::testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade::kernels
