// Distributions of counts, small ones by hand.
#include "crossfade/data/exploration/distribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace crossfade {
namespace {

using testing::ElementsAre;

TEST(Distribution, QuantilesAndTail) {
  const Distribution found = distribution_of(std::vector<std::int64_t>{0, 1, 1, 2, 12, 0, 4});
  EXPECT_EQ(found.size, 5);
  EXPECT_EQ(found.total, 20);
  EXPECT_DOUBLE_EQ(found.mean(), 4);
  EXPECT_EQ(found.least, 1);
  EXPECT_EQ(found.q25, 1);
  EXPECT_EQ(found.median, 2);
  EXPECT_EQ(found.q75, 4);
  EXPECT_EQ(found.q90, 12);
  EXPECT_EQ(found.greatest, 12);
  EXPECT_THAT(found.thresholds, ElementsAre(1, 2, 3, 4, 5, 6, 8, 10));
  EXPECT_THAT(found.at_least, ElementsAre(5, 3, 2, 2, 1, 1, 1, 1));
}

TEST(Distribution, LargeCountsAreLikeSmallOnes) {
  std::vector<std::int64_t> counts(10'000);
  std::iota(counts.begin(), counts.end(), 1);
  const Distribution found = distribution_of(counts);
  EXPECT_EQ(found.median, 5000);
  EXPECT_EQ(found.q99, 9900);
  EXPECT_EQ(found.at_least.back(), 10'000 - found.thresholds.back() + 1);
  std::vector<std::int64_t> histogram(10'001, 1);
  histogram[0] = 77;  // counts of nothing are left out
  EXPECT_EQ(to_text(to_json(distribution_of_histogram(histogram))), to_text(to_json(found)));
  const std::vector<std::int64_t> ones(counts.size(), 1);
  EXPECT_EQ(to_text(to_json(distribution_of_values(counts, ones))), to_text(to_json(found)));
}

TEST(Distribution, OfNothing) {
  const Distribution found = distribution_of({});
  EXPECT_EQ(found.size, 0);
  EXPECT_DOUBLE_EQ(found.mean(), 0);
  EXPECT_TRUE(found.thresholds.empty());
  EXPECT_EQ(distribution_cells(found).size() + 1, distribution_headings().size());
}

}  // namespace
}  // namespace crossfade
