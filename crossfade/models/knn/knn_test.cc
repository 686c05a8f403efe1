// Similarities worked out by hand on four users and three items.
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/data/test_log.h"
#include "crossfade/models/knn/knn_trainer.h"
#include "crossfade/models/trainer.h"

namespace crossfade {
namespace {

// Item 0 is met by users 0 (twice), 1 and 2; item 1 by 0 and 1; item 2 by 2 and 3.
SparseMatrix users() {
  return {4, 3, {{0, 2, 4, 6, 7}}, {{0, 1, 0, 1, 0, 2, 2}}, {{2, 1, 1, 1, 1, 1, 1}}};
}

float score(const std::string& similarity, ItemIndex item, ItemIndex other,
            const std::vector<std::string>& settings = {}) {
  KnnConfig config;
  CROSSFADE_CHECK(apply_settings(config, "knn", settings).ok(), "settings");
  config.similarity = similarity;
  TestContext run;
  const auto found = find_neighbours(config, users(), run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  const auto items = found->items_of(item);
  for (std::size_t n = 0; n < items.size(); ++n)
    if (items[n] == other) return found->scores_of(item)[n];
  return 0;
}

TEST(Knn, SimilaritiesAreTheirFormulas) {
  EXPECT_FLOAT_EQ(score("dot", 0, 1), 2);
  EXPECT_FLOAT_EQ(score("dot", 0, 2), 1);
  EXPECT_FLOAT_EQ(score("dot", 1, 2), 0);
  EXPECT_FLOAT_EQ(score("cosine", 0, 1), 2 / std::sqrt(6.0F));
  EXPECT_FLOAT_EQ(score("cosine", 1, 0), 2 / std::sqrt(6.0F));
  EXPECT_FLOAT_EQ(score("cosine", 0, 1, {"shrinkage=10"}), 2 / (std::sqrt(6.0F) + 10));
  EXPECT_FLOAT_EQ(score("jaccard", 0, 1), 2.0F / 3);
  EXPECT_FLOAT_EQ(score("jaccard", 0, 2), 1.0F / 4);
  EXPECT_FLOAT_EQ(score("dot", 0, 1, {"weighting=linear"}), 3);
  EXPECT_FLOAT_EQ(score("dot", 0, 1, {"weighting=log"}),
                  std::log(2.0F) * (std::log(3.0F) + std::log(2.0F)));
}

TEST(Knn, TfIdfAndBm25WeighUsersByHowRareTheyAre) {
  // A user of two items has a rarity of log(3 / 3), so only the bound remains; one item: log(3 /
  // 2).
  const auto rare = std::log(1.5);
  const double bound = 1e-6;
  const double squares0 = 3 * bound * bound, squares2 = bound * bound + rare * rare;
  EXPECT_NEAR(score("tfidf", 0, 2), bound * bound / std::sqrt(squares0 * squares2), 1e-9);
  // bm25 with k1 = 1 and b = 0: every pair of weight 1 counts 2 / 2 times the rarity.
  EXPECT_NEAR(score("bm25", 0, 1, {"k1=1", "b=0"}), 2 * bound * bound, 1e-15);
}

TEST(Knn, KeepsAtMostSoManyNeighbours) {
  KnnConfig config;
  config.neighbours = 1;
  TestContext run;
  const auto found = find_neighbours(config, users(), run);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->items_of(0).size(), 1u);
  EXPECT_EQ(found->items_of(0)[0], 1);
  EXPECT_EQ(found->items_of(2)[0], 0);
}

TEST(Knn, KeepsTheBestOfColumnsIfAsked) {
  KnnConfig config;
  config.neighbours = 1;
  config.best_of = "column";
  TestContext run;
  const auto found = find_neighbours(config, users(), run);
  ASSERT_TRUE(found.ok());
  // The best of item 1 and of item 2 is item 0, so item 0 speaks for both.
  EXPECT_EQ(found->items_of(0).size(), 2u);
  EXPECT_EQ(found->items_of(1).size(), 1u);
  EXPECT_EQ(found->items_of(2).size(), 0u);
  EXPECT_FLOAT_EQ(found->scores_of(0)[1], 1 / std::sqrt(6.0F));
}

}  // namespace
}  // namespace crossfade
