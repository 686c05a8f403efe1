// Summaries by hand.
#include "crossfade/data/summary.h"

#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

TEST(SummaryTest, CountsByHand) {
  TestContext run;
  const Dataset music = make_dataset({{1, 10, 5}, {1, 11, -4}, {1, 10, 6}, {2, 11, 7}});
  const DatasetSummary summary =
      summarize(*build_dataset(music, "shop", make_log({{1, 5, 0}, {3, 5, 0}}), run));
  EXPECT_EQ(summary.users, 3);
  EXPECT_EQ(summary.users_in_all_domains, 1);
  const DomainSummary& first = summary.domains[0];
  EXPECT_EQ(first.name, "music");
  EXPECT_EQ(first.items, 2);
  EXPECT_EQ(first.active_items, 2);
  EXPECT_EQ(first.active_users, 2);
  EXPECT_EQ(first.interactions, 4);
  EXPECT_EQ(first.longest_history, 3);
  EXPECT_EQ(first.mean_history, 2);
  EXPECT_EQ(first.density, 1);
  EXPECT_TRUE(first.has_times);
  EXPECT_EQ(first.first_ns, -4);
  EXPECT_EQ(first.last_ns, 7);
  EXPECT_EQ(summary.domains[1].density, 1);
}

TEST(SummaryTest, EmptyIsZeroes) {
  const DatasetSummary summary = summarize(make_dataset({}));
  EXPECT_EQ(summary.domains[0].mean_history, 0);
  EXPECT_FALSE(summary.domains[0].has_times);
  EXPECT_TRUE(summarize(Dataset()).domains.empty());
}

}  // namespace
}  // namespace crossfade
