// Alias lists: what is drawn follows the weights, list by list.
#include "crossfade/synth/alias_lists.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace crossfade {
namespace {

TEST(AliasLists, ProbabilitiesAreTheWeightsOfEachListNormalised) {
  ThreadPool threads(2);
  const AliasLists lists({0, 3, 3, 4}, {7, 8, 9, 7}, {1, 2, 1, 5}, {}, threads);
  ASSERT_EQ(lists.num_lists(), 3);
  EXPECT_EQ(lists.size(1), 0);
  EXPECT_EQ(lists.items(0)[1], 8);
  EXPECT_FLOAT_EQ(lists.probabilities(0)[0], 0.25F);
  EXPECT_FLOAT_EQ(lists.probabilities(0)[1], 0.5F);
  EXPECT_FLOAT_EQ(lists.probabilities(2)[0], 1.0F);
}

TEST(AliasLists, DrawsFollowTheProbabilities) {
  constexpr int kSize = 50, kDraws = 200000;
  std::vector<std::int32_t> items;
  std::vector<double> weights;
  Rng rng(3);
  for (int i = 0; i < kSize; ++i) {
    items.push_back(100 + i);
    weights.push_back(i == 4 ? 0 : std::exp(1.5 * rng.normal()));
  }
  ThreadPool threads(1);
  const AliasLists lists({0, kSize}, items, weights, {}, threads);
  std::map<std::int32_t, int> counts;
  for (int draw = 0; draw < kDraws; ++draw) ++counts[lists.draw(0, rng).item];
  EXPECT_EQ(counts.count(104), 0U);
  for (int i = 0; i < kSize; ++i) {
    const double expected = lists.probabilities(0)[static_cast<std::size_t>(i)] * kDraws;
    EXPECT_NEAR(counts[100 + i], expected, 5 * std::sqrt(expected) + 1) << i;
  }
}

TEST(AliasLists, OneOutcomeIsAlwaysDrawn) {
  ThreadPool threads(1);
  const AliasLists lists({0, 1}, {42}, {0.1}, {}, threads);
  Rng rng(1);
  for (int draw = 0; draw < 100; ++draw) EXPECT_EQ(lists.draw(0, rng).item, 42);
}

TEST(AliasLists, MarksComeWithTheirOutcomes) {
  ThreadPool threads(1);
  const AliasLists lists({0, 3, 5}, {0, 1, 2, 2, 0}, {1, 2, 3, 1, 4}, {10, 11, 12}, threads);
  Rng rng(3);
  for (int draw = 0; draw < 300; ++draw) {
    const AliasLists::Drawn drawn = lists.draw(draw % 2, rng);
    EXPECT_EQ(drawn.mark, 10 + drawn.item);
  }
}

}  // namespace
}  // namespace crossfade
