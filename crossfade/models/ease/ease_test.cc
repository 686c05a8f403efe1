// EASE against its normal equations on a small random log, and where it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "crossfade/models/ease/ease_trainer.h"
#include "crossfade/models/neighbours/test_matrices.h"

namespace crossfade {
namespace {

// The gradient of |X - X B|^2 + l2 |B|^2 vanishes off the diagonal, and B has none.
void expect_optimal(const EaseConfig& config, double tolerance) {
  const SparseMatrix users = random_users();
  TestContext run;
  const auto found = solve_ease(config, users, run);
  ASSERT_TRUE(found.ok()) << found.status().message();
  const Square b = weights_of(*found);
  const Square gradient = gradient_of(gram_of(users, config.weighting), b);
  double largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) {
      if (i == j)
        ASSERT_EQ(b[i][j], 0);
      else
        ASSERT_NEAR(gradient[i][j] + config.l2 * b[i][j], 0, tolerance) << i << ", " << j;
      largest = std::max(largest, std::abs(b[i][j]));
    }
  EXPECT_GT(largest, 0.01);
}

TEST(Ease, SolvesItsNormalEquations) {
  for (const std::string weighting : {"binary", "linear", "log"})
    for (const double l2 : {0.5, 30.0}) {
      EaseConfig config;
      config.l2 = l2;
      config.weighting = weighting;
      config.neighbours = 0;
      expect_optimal(config, 2e-3);
      config.precision = "double";
      expect_optimal(config, 2e-4);  // weights are kept in single precision
    }
}

TEST(Ease, KeepsTheLargestMagnitudesOfBothSigns) {
  EaseConfig config;
  config.l2 = 1;
  config.neighbours = 0;
  TestContext run;
  const Square all = weights_of(*solve_ease(config, random_users(), run));
  config.neighbours = 7;
  const Square some = weights_of(*solve_ease(config, random_users(), run));
  bool negative = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    double least_kept = 1e9, most_left = 0;
    int kept = 0;
    for (std::size_t j = 0; j < all.size(); ++j) {
      negative |= some[i][j] < 0;
      if (some[i][j] == 0) {
        most_left = std::max(most_left, std::abs(all[i][j]));
      } else {
        ++kept;
        ASSERT_EQ(some[i][j], all[i][j]);
        least_kept = std::min(least_kept, std::abs(all[i][j]));
      }
    }
    ASSERT_EQ(kept, 7);
    ASSERT_GE(least_kept, most_left);
  }
  EXPECT_TRUE(negative);
}

TEST(Ease, SaysWhatMemoryItNeedsAndRefusesWithoutIt) {
  EaseConfig config;
  TestContext run;
  run.context.memory_bytes = 1000;
  const auto found = solve_ease(config, random_users(), run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kExhausted);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("ease over 90 items needs "));
  EXPECT_THAT(found.status().message(), testing::HasSubstr("train sparse_ease"));
}

TEST(Ease, RefusesTooLittleRegularisation) {
  // Two items of the same users: without regularisation each explains the other in many ways.
  const SparseMatrix users{3, 2, {{0, 2, 4, 6}}, {{0, 1, 0, 1, 0, 1}}, {{1, 1, 1, 1, 1, 1}}};
  EaseConfig config;
  config.l2 = 1e-6;
  config.weighting = "linear";
  TestContext run;
  SparseMatrix heavy = users;
  heavy.values = std::vector<float>(6, 1000);
  const auto found = solve_ease(config, heavy, run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kFailed);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("set l2 above 1e-06"));
  config.l2 = 1;
  const auto better = solve_ease(config, users, run);
  ASSERT_TRUE(better.ok());
  EXPECT_FLOAT_EQ(better->scores_of(0)[0], 3.0F / 4);  // 3 common users / (3 users + l2)
}

}  // namespace
}  // namespace crossfade
