// The whole exploration: independent of threads, in agreement with the summary; values of weights.
#include "crossfade/data/exploration/explore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/exploration/exploration_document.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

Dataset two_domains() {
  TestContext run;
  const Dataset music = *build_dataset(Dataset(), "music", random_log(30'000, 1), run);
  return *build_dataset(music, "shop", random_log(5'000, 2), run);
}

TEST(Explore, SameForAnyThreads) {
  const Dataset dataset = two_domains();
  const auto text = [&](int threads) {
    TestContext run(threads);
    ExplorationReport report;
    report.exploration = *explore(dataset, {}, run);
    return to_text(to_json(report)) + to_text(full_document(report));
  };
  const std::string one = text(1);
  EXPECT_EQ(text(2), one);
  EXPECT_EQ(text(5), one);
}

TEST(Explore, SummarisesByHand) {
  TestContext run;
  const Dataset music = make_dataset({{1, 10, 5}, {1, 11, -4}, {1, 10, 6}, {2, 11, 7}});
  const Dataset both = *build_dataset(music, "shop", make_log({{1, 5, 0}, {3, 5, 0}}), run);
  const Exploration exploration = *explore(both, {}, run);
  EXPECT_EQ(exploration.users, 3);
  EXPECT_EQ(exploration.users_in_all_domains, 1);
  const DomainSummary& first = exploration.domains[0].summary;
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
  ASSERT_EQ(exploration.overlaps.size(), 1u);
  EXPECT_EQ(exploration.overlaps[0].users_of_a, 2);
  EXPECT_EQ(exploration.overlaps[0].users_of_both, 1);
}

TEST(Explore, OfNothingIsZeroes) {
  TestContext run;
  const Exploration exploration = *explore(make_dataset({}), {}, run);
  EXPECT_EQ(exploration.domains[0].summary.mean_history, 0);
  EXPECT_FALSE(exploration.domains[0].summary.has_times);
  EXPECT_TRUE(explore(Dataset(), {}, run)->domains.empty());
}

TEST(Explore, ValuesOfFewAndManyWeights) {
  TestContext run;
  const Dataset ratings =
      make_dataset({{1, 1, 1, 4}, {1, 2, 2, 0}, {2, 1, 1, 4}, {2, 3, 1, 5}, {3, 1, 1, 0}});
  const ValueExploration few = explore_values(ratings.domains()[0], run.threads);
  EXPECT_EQ(few.zero_weights, 2);
  EXPECT_FLOAT_EQ(few.greatest, 5);
  EXPECT_DOUBLE_EQ(few.mean, 13.0 / 5);
  ASSERT_EQ(few.distinct.size(), 3u);
  EXPECT_EQ(few.distinct[1].events, 2);
  EXPECT_FALSE(few.has_kinds);
  const ValueExploration many = explore_values(two_domains().domains()[0], run.threads);
  EXPECT_TRUE(many.distinct.empty());
  EXPECT_TRUE(many.has_kinds);
  EXPECT_EQ(many.by_kind[0] + many.by_kind[1] + many.by_kind[2], 30'000);
}

TEST(Explore, StopsWhenAsked) {
  TestContext run;
  run.stop = true;
  EXPECT_EQ(explore(two_domains(), {}, run).status().kind(), StatusKind::kInterrupted);
}

TEST(Explore, AnEmptyDatasetHasNothing) {
  TestContext run;
  const auto exploration = explore(Dataset(), {}, run);
  ASSERT_TRUE(exploration.ok());
  EXPECT_TRUE(exploration->domains.empty());
}

}  // namespace
}  // namespace crossfade
