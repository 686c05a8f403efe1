// The filters, one by one.
#include "crossfade/serving/slate_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::ElementsAre;

std::vector<ItemIndex> items_of(const SlateBuilder& slate) {
  std::vector<ItemIndex> items;
  for (const auto& item : slate.items()) items.push_back(item.offer.item);
  return items;
}

TEST(SlateBuilder, TakesInOrderUntilItIsFull) {
  SlateBuilder slate(2, {});
  EXPECT_TRUE(slate.take({5, 3.0f}, 0));
  EXPECT_FALSE(slate.take({2, 9.0f}, 1));
  EXPECT_FALSE(slate.take({1, 9.0f}, 1));
  EXPECT_THAT(items_of(slate), ElementsAre(5, 2));
  EXPECT_EQ(slate.items()[1].source, 1u);
  EXPECT_EQ(slate.items()[1].offer.score, 9.0f);
}

TEST(SlateBuilder, RefusesHiddenBlockedSeenAndRepeatedItems) {
  const std::vector<std::uint8_t> hidden{0, 1, 0};
  const std::vector<ItemIndex> excluded{9, 4, 9}, seen{7, 3};
  SlateBuilder slate(10, hidden);
  slate.block(excluded);
  slate.block_seen(seen);
  EXPECT_EQ(slate.num_refusable(), 3);
  for (const ItemIndex item : {1, 9, 4, 7, 3, 0, 0, 8, 2, 8}) EXPECT_TRUE(slate.take({item, 1}, 0));
  EXPECT_THAT(items_of(slate), ElementsAre(0, 8, 2));
  EXPECT_EQ(slate.num_refusable(), 6);
  EXPECT_EQ(slate.places_left(), 7);
}

TEST(SlateBuilder, NoPlaceTakesNothing) {
  for (const std::int64_t k : {0, -1}) {
    SlateBuilder slate(k, {});
    EXPECT_FALSE(slate.take({0, 1}, 0));
    EXPECT_TRUE(slate.items().empty());
  }
}

}  // namespace
}  // namespace crossfade
