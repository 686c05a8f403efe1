// EASE against its normal equations on a small random log, and where it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/ease/ease_trainer.h"

namespace crossfade {
namespace {

using Square = std::vector<std::vector<double>>;

SparseMatrix random_users() {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(1500, 5), run);
  return to_matrix(dataset.domains()[0], dataset.num_users(), run);
}

Square weights(const ItemNeighbours& found) {
  Square square(static_cast<std::size_t>(found.num_items()),
                std::vector<double>(static_cast<std::size_t>(found.num_items())));
  for (std::size_t i = 0; i < square.size(); ++i) {
    const auto items = found.items_of(static_cast<ItemIndex>(i));
    const auto scores = found.scores_of(static_cast<ItemIndex>(i));
    for (std::size_t n = 0; n < items.size(); ++n) {
      square[i][static_cast<std::size_t>(items[n])] = scores[n];
      EXPECT_TRUE(n == 0 || scores[n - 1] >= scores[n]);
    }
  }
  return square;
}

// The gradient of |X - X B|^2 + l2 |B|^2, that is (G + l2 I) B - G, vanishes off the diagonal, and
// B has none.
void expect_optimal(const EaseConfig& config, double tolerance) {
  const SparseMatrix users = random_users();
  TestContext run;
  const auto found = solve_ease(config, users, run);
  ASSERT_TRUE(found.ok()) << found.status().message();
  const Square b = weights(*found);
  Square gram(b.size(), std::vector<double>(b.size()));
  const auto value = [&](std::size_t n) {
    return config.weighting == "binary"   ? 1.0
           : config.weighting == "linear" ? double{users.values[n]}
                                          : std::log1p(double{users.values[n]});
  };
  for (std::size_t u = 0; u + 1 < users.offsets.size(); ++u)
    for (auto n = static_cast<std::size_t>(users.offsets[u]);
         n < static_cast<std::size_t>(users.offsets[u + 1]); ++n)
      for (auto m = static_cast<std::size_t>(users.offsets[u]);
           m < static_cast<std::size_t>(users.offsets[u + 1]); ++m)
        gram[static_cast<std::size_t>(users.indices[n])]
            [static_cast<std::size_t>(users.indices[m])] += value(n) * value(m);
  double largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) {
      double gradient = config.l2 * b[i][j] - gram[i][j];
      for (std::size_t k = 0; k < b.size(); ++k) gradient += gram[i][k] * b[k][j];
      if (i == j)
        ASSERT_EQ(b[i][j], 0);
      else
        ASSERT_NEAR(gradient, 0, tolerance) << i << ", " << j;
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
  const Square all = weights(*solve_ease(config, random_users(), run));
  config.neighbours = 7;
  const Square some = weights(*solve_ease(config, random_users(), run));
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
  config.memory_gib = 1e-6;
  TestContext run;
  const auto found = solve_ease(config, random_users(), run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kExhausted);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("ease over 90 items needs "));
  EXPECT_THAT(found.status().message(), testing::HasSubstr("leave out items"));
}

TEST(Ease, RefusesTooLittleRegularisation) {
  // Two items of the same users: without regularisation each explains the other in many ways.
  const SparseMatrix users{3, 2, {{0, 2, 4, 6}}, {{0, 1, 0, 1, 0, 1}}, {{1, 1, 1, 1, 1, 1}}};
  EaseConfig config;
  config.l2 = 1e-6;
  config.memory_gib = 1;
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
