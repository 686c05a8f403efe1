// The inverse against the matrix it came from, for sizes that do and do not fit the blocks.
#include "crossfade/models/symmetric_inverse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

// A random Gram matrix of 3 n rows, plus one on the diagonal.
std::vector<double> random_matrix(std::int64_t n) {
  Rng rng(static_cast<std::uint64_t>(n));
  const auto side = static_cast<std::size_t>(n);
  std::vector<double> matrix(side * side);
  std::vector<double> row(side);
  for (std::int64_t r = 0; r < 3 * n; ++r) {
    for (double& value : row) value = rng.normal();
    for (std::size_t i = 0; i < side; ++i)
      for (std::size_t j = 0; j < side; ++j) matrix[i * side + j] += row[i] * row[j];
  }
  for (std::size_t i = 0; i < side; ++i) matrix[i * side + i] += 1;
  return matrix;
}

template <class T>
std::vector<T> inverse(const std::vector<double>& matrix, std::int64_t n, std::int64_t side,
                       int threads) {
  SymmetricMatrix<T> blocks(n, side);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      blocks.at(i, j) = static_cast<T>(matrix[static_cast<std::size_t>(i * n + j)]);
  TestContext run(threads);
  const Status status = blocks.invert("test", run);
  EXPECT_TRUE(status.ok()) << status.message();
  std::vector<T> rows(matrix.size());
  for (std::int64_t begin = 0; begin < n; begin += 5) {
    const std::int64_t end = std::min(n, begin + 5);
    blocks.copy_rows(begin, end,
                     std::span(rows).subspan(static_cast<std::size_t>(begin * n),
                                             static_cast<std::size_t>((end - begin) * n)));
  }
  return rows;
}

template <class T>
void expect_inverse(std::int64_t n, std::int64_t side, double tolerance) {
  const std::vector<double> matrix = random_matrix(n);
  const std::vector<T> found = inverse<T>(matrix, n, side, 2);
  const auto size = static_cast<std::size_t>(n);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k)
        sum += matrix[i * size + k] * static_cast<double>(found[k * size + j]);
      ASSERT_NEAR(sum, i == j ? 1 : 0, tolerance) << n << " by blocks of " << side;
    }
}

TEST(SymmetricInverse, TimesTheMatrixIsTheUnitMatrix) {
  for (const std::int64_t n : {1, 2, 7, 24, 61})
    for (const std::int64_t side : {1, 3, 8, 512}) {
      expect_inverse<double>(n, side, 1e-11);
      expect_inverse<float>(n, side, 2e-4);
    }
}

TEST(SymmetricInverse, SameBytesForAnyNumberOfThreads) {
  const std::vector<double> matrix = random_matrix(50);
  const std::vector<float> one = inverse<float>(matrix, 50, 6, 1);
  EXPECT_EQ(inverse<float>(matrix, 50, 6, 2), one);
  EXPECT_EQ(inverse<float>(matrix, 50, 6, 5), one);
}

TEST(SymmetricInverse, SaysWhatIsNotPositiveDefinite) {
  TestContext run;
  SymmetricMatrix<float> blocks(3, 2);
  blocks.at(0, 0) = blocks.at(1, 1) = 1;
  blocks.at(2, 2) = -1;
  const Status status = blocks.invert("ease: inverse", run);
  EXPECT_EQ(status.kind(), StatusKind::kFailed);
  EXPECT_THAT(status.message(), testing::HasSubstr("not positive definite"));
}

TEST(SymmetricInverse, StopsWhenAsked) {
  TestContext run;
  run.stop = true;
  SymmetricMatrix<double> blocks(5, 2);
  EXPECT_EQ(blocks.invert("test", run).kind(), StatusKind::kInterrupted);
}

TEST(SymmetricInverse, TakesHalfASquare) {
  EXPECT_EQ(SymmetricMatrix<float>::bytes(1024, 512), 3 * 512 * 512 * 4);
  EXPECT_EQ(SymmetricMatrix<double>::bytes(1, 512), 512 * 512 * 8);
}

}  // namespace
}  // namespace crossfade
