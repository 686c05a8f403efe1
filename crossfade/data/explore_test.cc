// The whole exploration: independent of threads, in agreement with the summary; values of weights.
#include "crossfade/data/explore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/exploration_document.h"
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

TEST(Explore, AgreesWithTheSummary) {
  const Dataset dataset = two_domains();
  TestContext run;
  const Exploration exploration = *explore(dataset, {}, run);
  const DatasetSummary summary = summarize(dataset);
  EXPECT_EQ(exploration.users_in_all_domains, summary.users_in_all_domains);
  for (std::size_t d = 0; d < 2; ++d) {
    const DomainSummary &found = exploration.domains[d].summary, &expected = summary.domains[d];
    EXPECT_EQ(found.interactions, expected.interactions);
    EXPECT_EQ(found.active_users, expected.active_users);
    EXPECT_EQ(found.active_items, expected.active_items);
    EXPECT_EQ(found.longest_history, expected.longest_history);
    EXPECT_DOUBLE_EQ(found.density, expected.density);
    EXPECT_EQ(found.first_ns, expected.first_ns);
    EXPECT_EQ(found.last_ns, expected.last_ns);
  }
  ASSERT_EQ(exploration.overlaps.size(), 1u);
  EXPECT_EQ(exploration.overlaps[0].users_of_both, summary.users_in_all_domains);
  EXPECT_EQ(exploration.overlaps[0].users_of_a, summary.domains[0].active_users);
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
