// Singular vectors that are known, and both filters against their formulas.
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/models/gfcf/gfcf_trainer.h"
#include "crossfade/models/gfcf/singular_vectors.h"
#include "crossfade/models/neighbours/test_matrices.h"

namespace crossfade {
namespace {

SingularVectors vectors_of(const SparseMatrix& matrix, std::int64_t factors, int threads = 2) {
  TestContext run(threads);
  const auto found = right_singular_vectors(matrix, transpose(matrix, run), {factors, 60, 5}, run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  return *found;
}

TEST(SingularVectors, AreEigenvectorsOfTheGramMatrix) {
  const SparseMatrix users = random_users();
  const Square gram = gram_of(users, "linear");
  const SingularVectors found = vectors_of(users, 10);
  ASSERT_EQ(found.factors, 10);
  const auto entry = [&](std::size_t i, std::size_t k) -> double {
    return found.right[i * 10 + k];
  };
  const double largest = found.values[0] * found.values[0];
  for (std::size_t k = 0; k < 10; ++k) {
    EXPECT_TRUE(k == 0 || found.values[k] <= found.values[k - 1]);
    EXPECT_GT(found.values[k], 0);
    for (std::size_t l = 0; l < 10; ++l) {
      double product = 0;
      for (std::size_t i = 0; i < gram.size(); ++i) product += entry(i, k) * entry(i, l);
      EXPECT_NEAR(product, k == l ? 1 : 0, 1e-4);
    }
    for (std::size_t i = 0; i < gram.size(); ++i) {
      double image = 0;
      for (std::size_t j = 0; j < gram.size(); ++j) image += gram[i][j] * entry(j, k);
      EXPECT_NEAR(image, found.values[k] * found.values[k] * entry(i, k), 1e-3 * largest) << k;
    }
  }
  // No direction is missing: the trace is the sum of all squares.
  const SingularVectors all = vectors_of(users, 1000);
  double trace = 0, squares = 0;
  for (std::size_t i = 0; i < gram.size(); ++i) trace += gram[i][i];
  for (const float value : all.values) squares += double{value} * value;
  EXPECT_NEAR(squares, trace, 1e-3 * trace);
  for (std::size_t k = 0; k < 10; ++k) EXPECT_NEAR(all.values[k], found.values[k], 1e-3);
}

TEST(SingularVectors, SameBytesForAnyNumberOfThreads) {
  EXPECT_EQ(vectors_of(random_users(), 10, 4).right, vectors_of(random_users(), 10, 1).right);
}

// Users 0 and 1 meet items 0 to 2, user 2 meets items 3 and 4, user 3 item 4.
SparseMatrix two_blocks() {
  return {4, 5, {{0, 3, 6, 8, 9}}, {{0, 1, 2, 0, 1, 2, 3, 4, 4}}, {{1, 1, 1, 1, 1, 1, 1, 1, 1}}};
}

Square filter(const GfcfConfig& config, const SparseMatrix& users) {
  TestContext run;
  const auto found = filter_graph(config, users, 7, run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  return weights_of(*found);
}

TEST(Gfcf, IsWorkedOutByHandOnTwoBlocks) {
  GfcfConfig config;
  config.alpha = 0;
  Square s = filter(config, two_blocks());
  // Two users in common, each 1 / sqrt(3 * 2) to either item.
  EXPECT_NEAR(s[0][1], 2.0 / 6, 1e-6);
  // User 2: 1 / sqrt(2 * 1) to item 3 and 1 / sqrt(2 * 2) to item 4.
  EXPECT_NEAR(s[3][4], 1 / std::sqrt(8.0), 1e-6);
  EXPECT_NEAR(s[4][3], s[3][4], 1e-7);
  EXPECT_EQ(s[0][3], 0);
  EXPECT_EQ(s[0][0], 0);
  // Both blocks have singular value 1, with vectors of the roots of the items' sums: V V^T is 1 / 3
  // in the first and sqrt(1 * 2) / 3 across the second, where D^-1/2 . D^1/2 is sqrt(2) from 3 to
  // 4.
  config.alpha = 0.6;
  config.factors = 2;
  config.iterations = 30;
  s = filter(config, two_blocks());
  EXPECT_NEAR(s[0][1], 2.0 / 6 + 0.6 / 3, 1e-5);
  EXPECT_NEAR(s[3][4], 1 / std::sqrt(8.0) + 0.6 * 2 / 3, 1e-5);
  EXPECT_NEAR(s[4][3], 1 / std::sqrt(8.0) + 0.6 * 1 / 3, 1e-5);
  EXPECT_NEAR(s[0][3], 0, 1e-5);
}

TEST(Gfcf, KeepsTheLargestMagnitudes) {
  GfcfConfig config;
  config.factors = 5;
  config.neighbours = 0;
  const Square all = filter(config, random_users());
  config.neighbours = 6;
  const Square some = filter(config, random_users());
  for (std::size_t i = 0; i < all.size(); ++i) {
    double least_kept = 1e9, most_left = 0;
    int kept = 0;
    for (std::size_t j = 0; j < all.size(); ++j)
      if (some[i][j] == 0) {
        most_left = std::max(most_left, std::abs(all[i][j]));
      } else {
        ++kept;
        ASSERT_EQ(some[i][j], all[i][j]);
        least_kept = std::min(least_kept, std::abs(all[i][j]));
      }
    ASSERT_EQ(kept, 6);
    ASSERT_GE(least_kept, most_left);
  }
}

}  // namespace
}  // namespace crossfade
