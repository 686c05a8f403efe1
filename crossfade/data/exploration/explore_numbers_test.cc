// Prices and years with quartiles that were worked out by hand.
#include "crossfade/data/exploration/explore_numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossfade {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

NumberExploration of(std::vector<float> values) {
  ItemTable about;
  about.attributes.push_back({"title", TextAttribute{}});
  about.attributes.push_back({"price", NumberAttribute{std::move(values)}});
  const std::vector<NumberExploration> found = explore_numbers(about);
  EXPECT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].attribute, "price");
  return found[0];
}

TEST(ExploreNumbers, QuartilesAndWhatIsMissing) {
  const NumberExploration prices =
      of({8, 2.5F, kNone, 4, 1, std::numeric_limits<float>::infinity()});
  EXPECT_EQ(prices.known, 4);
  EXPECT_EQ(prices.missing, 2);
  EXPECT_FALSE(prices.whole);
  EXPECT_EQ(prices.least, 1);
  EXPECT_EQ(prices.q25, 1);
  EXPECT_EQ(prices.median, 2.5F);
  EXPECT_EQ(prices.q75, 4);
  EXPECT_EQ(prices.greatest, 8);
  EXPECT_DOUBLE_EQ(prices.mean, 15.5 / 4);
  EXPECT_TRUE(of({1999, 2001}).whole);
}

TEST(ExploreNumbers, NoneAtAll) {
  const NumberExploration nothing = of({kNone, kNone});
  EXPECT_EQ(nothing.known, 0);
  EXPECT_EQ(nothing.missing, 2);
  EXPECT_EQ(nothing.mean, 0);
  EXPECT_TRUE(explore_numbers(ItemTable()).empty());
}

}  // namespace
}  // namespace crossfade
