// SLIM against the conditions of its optimum on a small random log.
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/models/neighbours/test_matrices.h"
#include "crossfade/models/slim/slim_trainer.h"

namespace crossfade {
namespace {

Square solve(const SlimConfig& config) {
  TestContext run;
  const auto found = solve_slim(config, random_users(), run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  return weights_of(*found);
}

std::int64_t count_weights(const Square& b) {
  std::int64_t count = 0;
  for (const auto& row : b)
    for (const double weight : row) count += weight != 0 ? 1 : 0;
  return count;
}

// With all that share users for candidates: the subgradient of every weight holds 0.
void expect_optimal(const SlimConfig& config) {
  const Square b = solve(config), gram = gram_of(random_users(), config.weighting);
  const Square gradient = gradient_of(gram, b);
  for (std::size_t i = 0; i < b.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) {
      const double slope = gradient[i][j] + config.l2 * b[i][j];
      if (i == j || gram[i][j] == 0) {
        ASSERT_EQ(b[i][j], 0);
      } else if (b[i][j] != 0) {
        ASSERT_NEAR(slope, b[i][j] > 0 ? -config.l1 : config.l1, 5e-3) << i << ", " << j;
        ASSERT_TRUE(b[i][j] > 0 || !config.positive);
      } else {
        ASSERT_GE(slope, -config.l1 - 5e-3);
        ASSERT_TRUE(config.positive || slope <= config.l1 + 5e-3);
      }
    }
}

TEST(Slim, MeetsTheConditionsOfItsOptimum) {
  for (const bool positive : {true, false})
    for (const double l1 : {0.0, 0.7})
      for (const char* weighting : {"binary", "linear"}) {
        SlimConfig config;
        config.l1 = l1;
        config.l2 = 2;
        config.positive = positive;
        config.weighting = weighting;
        config.candidates = 1000;
        config.iterations = 1000;
        expect_optimal(config);
      }
}

TEST(Slim, NegativeWeightsAreThereIfAllowed) {
  SlimConfig config;
  config.l1 = 0.1;
  config.candidates = 1000;
  const auto negative = [](const Square& b) {
    std::int64_t count = 0;
    for (const auto& row : b)
      for (const double weight : row) count += weight < 0 ? 1 : 0;
    return count;
  };
  EXPECT_EQ(negative(solve(config)), 0);
  config.positive = false;
  EXPECT_GT(negative(solve(config)), 10);
}

TEST(Slim, MoreL1LeavesFewerWeights) {
  SlimConfig config;
  std::int64_t before = 90 * 90;
  for (const double l1 : {0.0, 0.5, 2.0, 8.0}) {
    config.l1 = l1;
    const std::int64_t count = count_weights(solve(config));
    EXPECT_LT(count, before) << l1;
    before = count;
  }
  EXPECT_GT(before, 0);
}

TEST(Slim, OneCandidateIsWorkedOutByHand) {
  // Item 0 is met by users 0 to 3, item 1 by 0 to 2: (3 - l1) / (users of the candidate + l2).
  const SparseMatrix users{
      4, 2, {{0, 2, 4, 6, 7}}, {{0, 1, 0, 1, 0, 1, 0}}, {{1, 1, 1, 1, 1, 1, 1}}};
  SlimConfig config;
  config.l1 = 0.5;
  config.l2 = 2;
  TestContext run;
  const Square b = weights_of(*solve_slim(config, users, run));
  EXPECT_FLOAT_EQ(b[1][0], 2.5F / 5);
  EXPECT_FLOAT_EQ(b[0][1], 2.5F / 6);
}

}  // namespace
}  // namespace crossfade
