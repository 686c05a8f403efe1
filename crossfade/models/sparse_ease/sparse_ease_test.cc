// Sparse EASE against the equations it solves, and against EASE where nothing is left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "crossfade/models/ease/ease_trainer.h"
#include "crossfade/models/neighbours/test_matrices.h"
#include "crossfade/models/sparse_ease/sparse_ease_trainer.h"

namespace crossfade {
namespace {

// For every column the gradient of its ridge regression vanishes at each weight.
TEST(SparseEase, SolvesTheRidgeRegressionOfItsCandidates) {
  const SparseMatrix users = random_users();
  for (const std::string weighting : {"binary", "linear", "log"})
    for (const std::int64_t candidates : {1, 7, 1000}) {
      SparseEaseConfig config;
      config.l2 = 3;
      config.weighting = weighting;
      config.candidates = candidates;
      TestContext run;
      const auto found = solve_sparse_ease(config, users, run);
      ASSERT_TRUE(found.ok()) << found.status().message();
      const Square b = weights_of(*found), gram = gram_of(users, weighting);
      const Square gradient = gradient_of(gram, b);
      for (std::size_t j = 0; j < b.size(); ++j) {
        std::int64_t weights = 0, others = 0;
        for (std::size_t i = 0; i < b.size(); ++i) {
          others += i != j && gram[i][j] > 0 ? 1 : 0;
          if (b[i][j] == 0) continue;
          ++weights;
          ASSERT_NE(i, j);
          ASSERT_NEAR(gradient[i][j] + config.l2 * b[i][j], 0, 1e-3) << i << ", " << j;
        }
        ASSERT_EQ(weights, std::min(candidates, others)) << j;
      }
    }
}

TEST(SparseEase, IsEaseWhereEveryPairOfItemsHasUsers) {
  Rng rng(3);
  std::vector<TestRow> rows;
  for (std::int64_t user = 0; user < 200; ++user)
    for (std::int64_t item = 0; item < 30; ++item)
      if (rng.uniform() < 0.3) rows.push_back({user, item, 0});
  const Dataset dataset = make_dataset(rows);
  TestContext run;
  const SparseMatrix users = to_matrix(dataset.domains()[0], dataset.num_users(), run);
  SparseEaseConfig config;
  config.l2 = 20;
  EaseConfig full;
  full.l2 = 20;
  const Square found = weights_of(*solve_sparse_ease(config, users, run));
  const Square expected = weights_of(*solve_ease(full, users, run));
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t j = 0; j < found.size(); ++j)
      ASSERT_NEAR(found[i][j], expected[i][j], 1e-5) << i << ", " << j;
}

TEST(SparseEase, CandidatesAreTheMostCorrelated) {
  // Item 0 is met by users 0 to 3, item 1 by 0 to 2, item 2 by 0 alone.
  const SparseMatrix users{
      4, 3, {{0, 3, 5, 7, 8}}, {{0, 1, 2, 0, 1, 0, 1, 0}}, {{1, 1, 1, 1, 1, 1, 1, 1}}};
  SparseEaseConfig config;
  config.l2 = 1;
  config.candidates = 1;
  TestContext run;
  const Square b = weights_of(*solve_sparse_ease(config, users, run));
  EXPECT_FLOAT_EQ(b[1][0], 3.0F / 4);  // common users / (users + l2)
  EXPECT_FLOAT_EQ(b[0][1], 3.0F / 5);
  // 1 / sqrt(2 * 4) with item 1, 1 / sqrt(2 * 5) with item 0.
  EXPECT_FLOAT_EQ(b[1][2], 1.0F / 4);
  EXPECT_EQ(b[0][2], 0);
}

TEST(SparseEase, RefusesTooLittleRegularisation) {
  // Items 0 and 1 have the same users, so item 2 can be had from them in many ways.
  const SparseMatrix users{2, 3, {{0, 3, 6}}, {{0, 1, 2, 0, 1, 2}}, {{900, 900, 1, 900, 900, 1}}};
  SparseEaseConfig config;
  config.l2 = 1e-6;
  config.weighting = "linear";
  TestContext run;
  const auto found = solve_sparse_ease(config, users, run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kFailed);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("set l2 above 1e-06"));
}

}  // namespace
}  // namespace crossfade
