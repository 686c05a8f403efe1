// Sums, products of items and what is made of them, against the plainest way to compute each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/neighbours/best_of_row.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/neighbours/strongest_of_row.h"
#include "crossfade/models/neighbours/sums.h"

namespace crossfade {
namespace {

SparseMatrix random_matrix(std::int64_t rows, bool ones) {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(rows, 5), run);
  SparseMatrix matrix = to_matrix(dataset.domains()[0], dataset.num_users(), run);
  if (ones) matrix.values = std::vector<float>(matrix.indices.size(), 1.0F);
  return matrix;
}

std::vector<std::vector<double>> dense(const SparseMatrix& matrix) {
  std::vector<std::vector<double>> rows(
      static_cast<std::size_t>(matrix.rows),
      std::vector<double>(static_cast<std::size_t>(matrix.columns)));
  for (std::size_t u = 0; u < rows.size(); ++u)
    for (auto n = static_cast<std::size_t>(matrix.offsets[u]);
         n < static_cast<std::size_t>(matrix.offsets[u + 1]); ++n)
      rows[u][static_cast<std::size_t>(matrix.indices[n])] = matrix.values[n];
  return rows;
}

// Every pair of items, one user after the other; then `weigh(i, j)` times that.
template <class Weigh>
void expect_products(const SparseMatrix& matrix, const ItemNeighbours& found, std::int64_t k,
                     const Weigh& weigh) {
  const auto rows = dense(matrix);
  ASSERT_EQ(found.num_items(), matrix.columns);
  for (std::size_t i = 0; i < static_cast<std::size_t>(matrix.columns); ++i) {
    std::vector<ScoredItem> all;
    for (std::size_t j = 0; j < static_cast<std::size_t>(matrix.columns); ++j) {
      double sum = 0;
      for (const auto& row : rows) sum += row[i] * row[j];
      const double score = sum * weigh(i, j);
      if (i != j && score > 0)
        all.push_back({static_cast<ItemIndex>(j), static_cast<float>(score)});
    }
    keep_best(all, k);
    const auto scores = found.scores_of(static_cast<ItemIndex>(i));
    ASSERT_EQ(scores.size(), all.size()) << "item " << i;
    for (std::size_t n = 0; n < scores.size(); ++n)
      ASSERT_NEAR(scores[n], all[n].score, 1e-4 * all[n].score) << "item " << i;
  }
}

const ScoreSums kSumsThemselves = [](ItemIndex, std::span<const ItemIndex>, std::span<float>) {};

TEST(StrongestOfRow, KeepsMagnitudesOfBothSignsInOrderOfScores) {
  StrongestOfRow strongest(3);
  for (const float score : {0.5F, -4.0F, 0.0F, 1.0F, -1.0F, 3.0F, 1.0F, 0.25F})
    strongest.offer(static_cast<ItemIndex>(std::abs(score) * 100), score);
  EXPECT_EQ(strongest.take(), (std::vector<ScoredItem>{{300, 3}, {100, 1}, {400, -4}}));
  EXPECT_TRUE(strongest.take().empty());
  for (ItemIndex item = 9; item >= 0; --item) strongest.offer(item, item % 2 == 0 ? 1.0F : -1.0F);
  EXPECT_EQ(strongest.take(), (std::vector<ScoredItem>{{0, 1}, {2, 1}, {1, -1}}));
  StrongestOfRow all(0);
  for (ItemIndex item = 0; item < 50; ++item) all.offer(item, static_cast<float>(item) - 20);
  EXPECT_EQ(all.take().size(), 49U);  // without the zero
}

TEST(ItemProducts, AreTheSumsOverUsersOfEveryPair) {
  for (const bool ones : {true, false}) {
    const SparseMatrix matrix = random_matrix(4000, ones);
    TestContext run, four(4);
    for (const std::int64_t k : {1, 7, 1000}) {
      const auto found = multiply_items({matrix, k, kSumsThemselves}, run);
      ASSERT_TRUE(found.ok());
      EXPECT_TRUE(found->check().ok());
      expect_products(matrix, *found, k, [](std::size_t, std::size_t) { return 1; });
      const auto again = multiply_items({matrix, k, kSumsThemselves}, four);
      EXPECT_THAT(again->items, testing::ElementsAreArray(found->items));
      EXPECT_THAT(again->scores, testing::ElementsAreArray(found->scores));
    }
  }
}

// The score of (i, j) is (i + 1) / (j + 1) times the sum.
TEST(ItemProducts, TheTwoSidesMayScoreDifferently) {
  const auto times = [](bool forward) {
    return [forward](ItemIndex item, std::span<const ItemIndex> others, std::span<float> scores) {
      for (std::size_t n = 0; n < others.size(); ++n) {
        const auto ratio = static_cast<float>(item + 1) / static_cast<float>(others[n] + 1);
        scores[n] *= forward ? ratio : 1 / ratio;
      }
    };
  };
  const SparseMatrix matrix = random_matrix(2000, false);
  TestContext run;
  const auto found = multiply_items({matrix, 9, times(true), times(false)}, run);
  ASSERT_TRUE(found.ok());
  expect_products(matrix, *found, 9, [](std::size_t i, std::size_t j) {
    return static_cast<double>(i + 1) / static_cast<double>(j + 1);
  });
}

TEST(ItemProducts, StopWhenAsked) {
  const SparseMatrix matrix = random_matrix(100, true);
  TestContext run;
  run.stop = true;
  EXPECT_EQ(multiply_items({matrix, 5, kSumsThemselves}, run).status().kind(),
            StatusKind::kInterrupted);
}

TEST(BestOfRow, KeepsTheBestInAnyOrder) {
  Rng rng(3);
  std::vector<ScoredItem> all;
  for (ItemIndex item = 0; item < 500; ++item)
    all.push_back({item, static_cast<float>(rng.below(20)) - 5});
  BestOfRow best(40);
  for (int turn = 0; turn < 3; ++turn) {
    std::vector<ScoredItem> expected = all;
    std::erase_if(expected, [](const ScoredItem& scored) { return scored.score <= 0; });
    keep_best(expected, 40);
    for (const ScoredItem& scored : all) best.offer(scored.item, scored.score);
    EXPECT_EQ(best.take(), expected);
    std::reverse(all.begin(), all.end());
  }
}

TEST(Sums, BothWaysAgreeToTheBit) {
  DenseSums dense(1000);
  SparseSums sparse;
  Rng rng(9);
  for (int turn = 0; turn < 5; ++turn) {
    dense.expect(300);
    sparse.expect(300);
    for (int n = 0; n < 300; ++n) {
      const auto item = static_cast<ItemIndex>(rng.below(200) * 5);
      const auto value = static_cast<float>(rng.uniform()) - 0.2F;
      dense.add(item, value);
      sparse.add(item, value);
    }
    for (const ItemIndex gone : {5, 7}) {  // 7 was never there
      dense.drop(gone);
      sparse.drop(gone);
    }
    std::map<ItemIndex, float> first, second;
    dense.take([&](ItemIndex item, float sum) { first[item] = sum; });
    sparse.take([&](ItemIndex item, float sum) { second[item] = sum; });
    EXPECT_EQ(first, second);
    EXPECT_FALSE(first.contains(5));
    EXPECT_GT(first.size(), 100u);
  }
}

TEST(HistoryUse, TheNewestItemsSpeakLoudest) {
  const std::vector<ItemIndex> items{1, 2, 1, 9, 3, 4};
  const std::vector<float> weights{1, 2, 3, 1, 0, 5};
  const History history{items, weights, {}, {}, {}};
  SparseSums sums;
  HistoryUse use;
  using Weighed = std::vector<ScoredItem>;
  EXPECT_EQ(use.weigh(history, 5, sums), (Weighed{{4, 1}, {1, 1}, {2, 1}}));
  use.history_weighting = "linear";
  use.fading = 0.5;
  EXPECT_EQ(use.weigh(history, 5, sums), (Weighed{{4, 5}, {1, 2}, {2, 0.5}}));
  use.last = 2;
  EXPECT_EQ(use.weigh(history, 5, sums), (Weighed{{4, 5}, {1, 2}}));
  use.history_weighting = "log";
  EXPECT_FLOAT_EQ(use.weigh(history, 5, sums)[0].score, std::log1p(5.0F));
  EXPECT_TRUE(use.weigh({}, 5, sums).empty());
  // Weights by kind take the place of the log's, where there are kinds.
  use.kinds.weights = {-1, 7, 0, -1};
  use.history_weighting = "linear";
  const std::vector<std::uint8_t> kinds(history.size(), 1);
  EXPECT_FLOAT_EQ(use.weigh(history, 5, sums)[0].score, 5);
  History bought = history;
  bought.kinds = kinds;
  EXPECT_FLOAT_EQ(use.weigh(bought, 5, sums)[0].score, 7);
  const std::vector<std::uint8_t> nothing(history.size(), 2);
  bought.kinds = nothing;
  EXPECT_TRUE(use.weigh(bought, 5, sums).empty());
}

TEST(KindWeights, TakeThePlaceOfTheLogs) {
  LogColumns log = make_log({{1, 1, 0, 1}, {1, 2, 0, 3}, {1, 3, 0, 0}, {2, 1, 0, 5}});
  log.kinds = {0, 1, 2, 7};
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "shop", log, run);
  KindWeights kinds;
  kinds.weights = {0, -1, 9, -1};
  const auto weighed = with_kind_weights(dataset.domains()[0], kinds);
  ASSERT_TRUE(weighed.ok());
  EXPECT_EQ(std::vector<float>(weighed->weight.begin(), weighed->weight.end()),
            (std::vector<float>{0, 3, 9, 5}));
  log.kinds = {};
  const Dataset plain = *build_dataset(Dataset(), "shop", log, run);
  const Status refused = with_kind_weights(plain.domains()[0], kinds).status();
  EXPECT_EQ(refused.kind(), StatusKind::kUsage);
  EXPECT_NE(refused.message().find("needs kinds of events"), std::string::npos);
  EXPECT_TRUE(with_kind_weights(plain.domains()[0], {}).ok());
}

TEST(ItemNeighbours, WhatDoesNotFitIsRefused) {
  const auto refused = [](std::vector<std::int64_t> offsets, std::vector<ItemIndex> items,
                          std::vector<float> scores) {
    const Status status = ItemNeighbours{offsets, items, scores}.check();
    return status.kind() == StatusKind::kDataInvalid &&
           status.message().find("train it again") != std::string::npos;
  };
  EXPECT_TRUE((ItemNeighbours{{{0, 1, 1}}, {{1}}, {{0.5F}}}.check().ok()));
  EXPECT_TRUE(refused({}, {}, {}));
  EXPECT_TRUE(refused({1, 1}, {}, {}));
  EXPECT_TRUE(refused({0, 2, 1}, {1}, {1}));
  EXPECT_TRUE(refused({0, 1, 1}, {1}, {}));
  EXPECT_TRUE(refused({0, 1, 1}, {2}, {1}));
  EXPECT_TRUE(refused({0, 1, 1}, {-1}, {1}));
  EXPECT_TRUE(refused({0, 1, 1}, {1}, {NAN}));
}

}  // namespace
}  // namespace crossfade
