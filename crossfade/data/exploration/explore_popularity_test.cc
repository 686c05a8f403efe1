// Popularity, repeats and concentration, by hand and against a plain count.
#include "crossfade/data/exploration/explore_popularity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

PopularityExploration explore(const Dataset& dataset, std::int64_t top, int threads = 2) {
  TestContext run(threads);
  return explore_popularity(dataset.domains()[0], top, run.threads);
}

TEST(ExplorePopularity, RepeatsAndTop) {
  // User 1: items a a b a; user 2: b; user 3: c.
  const PopularityExploration found =
      explore(make_dataset({{1, 5, 1}, {1, 5, 2}, {1, 6, 3}, {1, 5, 4}, {2, 6, 1}, {3, 7, 1}}), 2);
  EXPECT_EQ(found.pairs, 4);
  EXPECT_EQ(found.repeats, 2);
  EXPECT_EQ(found.repeats_in_a_row, 1);
  ASSERT_EQ(found.top.size(), 2u);
  EXPECT_EQ(found.top[0].events, 3);
  EXPECT_EQ(found.top[0].users, 1);
  EXPECT_EQ(found.top[1].events, 2);
  EXPECT_EQ(found.top[1].users, 2);
  EXPECT_EQ(found.items_of_half, 1);
}

TEST(ExplorePopularity, Concentration) {
  std::vector<TestRow> equal, skewed;
  for (std::int64_t item = 0; item < 100; ++item) {
    equal.push_back({1, item, item});
    skewed.push_back({1, item, item});
  }
  for (std::int64_t i = 0; i < 900; ++i) skewed.push_back({2, 42, i});
  EXPECT_NEAR(explore(make_dataset(equal), 1).gini, 0, 1e-12);
  EXPECT_DOUBLE_EQ(explore(make_dataset(equal), 1).top_10_percent, 0.1);
  EXPECT_EQ(explore(make_dataset(equal), 1).items_of_half, 50);
  const PopularityExploration found = explore(make_dataset(skewed), 1);
  EXPECT_DOUBLE_EQ(found.top_1_percent, 0.901);
  // Sum of i x_i = 901 + (2 + .. + 100) = 5950; (101 - 2 * 5950 / 1000) / 100.
  EXPECT_NEAR(found.gini, 0.891, 1e-12);
}

TEST(ExplorePopularity, AgainstAPlainCount) {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(20'000, 3), run);
  const Domain& domain = dataset.domains()[0];
  std::map<ItemIndex, std::int64_t> events;
  std::map<ItemIndex, std::set<UserIndex>> users;
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    for (const ItemIndex item : domain.history(user).items) {
      ++events[item];
      users[item].insert(user);
    }
  const PopularityExploration found = explore(dataset, 1000);
  ASSERT_EQ(found.top.size(), events.size());
  std::int64_t pairs = 0;
  for (const ItemCount& item : found.top) {
    EXPECT_EQ(item.events, events[item.item]);
    EXPECT_EQ(item.users, std::ssize(users[item.item]));
    pairs += item.users;
  }
  EXPECT_EQ(found.pairs, pairs);
  EXPECT_EQ(found.repeats, 20'000 - pairs);
}

}  // namespace
}  // namespace crossfade
