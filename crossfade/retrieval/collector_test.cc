// The buffer of the best k: order, ties, filters and thresholds, with planted offers.
#include "crossfade/retrieval/collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace crossfade {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TopKCollector started(const TopKOptions& options, std::int64_t num_items = 1000) {
  TopKCollector collector;
  collector.start(options, 0, num_items);
  return collector;
}

TEST(TopKCollector, OrdersByScoreThenItem) {
  TopKCollector collector = started({.k = 4});
  collector.offer(7, 1);
  collector.offer(2, -3);
  collector.offer(5, 1);
  collector.offer(9, 2);
  collector.offer(1, -3);
  EXPECT_THAT(collector.finish(),
              ElementsAre(ScoredItem{9, 2}, ScoredItem{5, 1}, ScoredItem{7, 1}, ScoredItem{1, -3}));
}

TEST(TopKCollector, FewAndManyAreOrderedAlike) {
  for (const int count : {1, 9, 10, 11, 48, 49, 60}) {
    TopKCollector collector = started({.k = 10});
    for (int i = 0; i < count; ++i) collector.offer(i, static_cast<float>(i * 7 % 5));
    std::vector<ScoredItem> expected;
    for (int score = 4; score >= 0; --score)
      for (int i = 0; i < count && expected.size() < 10; ++i)
        if (i * 7 % 5 == score) expected.push_back({i, static_cast<float>(score)});
    EXPECT_EQ(collector.finish(), expected) << count;
  }
}

TEST(TopKCollector, MinusZeroTiesWithZero) {
  TopKCollector collector = started({.k = 2});
  collector.offer(3, 0.0F);
  collector.offer(1, -0.0F);
  EXPECT_THAT(collector.finish(), ElementsAre(ScoredItem{1, 0}, ScoredItem{3, 0}));
}

TEST(TopKCollector, TheThresholdIsTheKthScoreOnceKAreThere) {
  TopKCollector collector = started({.k = 2});
  EXPECT_EQ(collector.threshold(), -std::numeric_limits<float>::infinity());
  for (int i = 0; i < 500; ++i) collector.offer(i, static_cast<float>(i));
  collector.tighten();
  EXPECT_EQ(collector.threshold(), 498);
  collector.offer(600, 498);  // ties with the k-th, higher index: out
  collector.offer(601, 499);  // ties with the first, higher index: in
  EXPECT_THAT(collector.finish(), ElementsAre(ScoredItem{499, 499}, ScoredItem{601, 499}));
}

TEST(TopKCollector, LeavesOutSeenAndHiddenItems) {
  const std::vector<std::int64_t> offsets = {0, 3};
  const std::vector<std::int32_t> seen = {4, 1, 77};  // unsorted, one that does not exist
  const std::vector<std::uint8_t> hidden = {1, 0, 0, 0, 0};
  TopKCollector collector = started({.k = 9, .seen = {offsets, seen}, .hidden = hidden}, 5);
  for (int i = 0; i < 5; ++i) collector.offer(i, 1);
  EXPECT_THAT(collector.finish(), ElementsAre(ScoredItem{2, 1}, ScoredItem{3, 1}));
}

TEST(TopKCollector, NoItemsNoAnswer) {
  EXPECT_THAT(started({.k = 3}, 0).finish(), IsEmpty());
}

}  // namespace
}  // namespace crossfade
