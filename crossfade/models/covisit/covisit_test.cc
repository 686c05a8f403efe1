// Pairs of plays counted by hand, and against the plainest way to count them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/covisit/covisit_trainer.h"

namespace crossfade {
namespace {

using Pair = std::pair<std::string, std::string>;

// One user plays "0 1 2 1 | 0 2", where the bar is a new session ten seconds later; another "1 1".
Dataset sessions() {
  LogColumns log = make_log({{7, 0, 0},
                             {7, 1, 1'000'000'000},
                             {7, 2, 2'000'000'000},
                             {7, 1, 3'000'000'000},
                             {7, 0, 13'000'000'000},
                             {7, 2, 14'000'000'000},
                             {8, 1, 0},
                             {8, 1, 1'000'000'000}});
  log.sessions = {1, 1, 1, 1, 2, 2, 3, 3};
  TestContext run;
  return *build_dataset(Dataset(), "music", log, run);
}

std::map<Pair, float> pairs(const std::vector<std::string>& settings,
                            const Dataset& dataset = sessions()) {
  CovisitConfig config;
  CROSSFADE_CHECK(apply_settings(config, "covisit", {"per_play=0"}).ok(), "settings");
  CROSSFADE_CHECK(apply_settings(config, "covisit", settings).ok(), "settings");
  TestContext run;
  const Domain& domain = dataset.domains()[0];
  const auto found = find_covisits(config, domain, run);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  std::map<Pair, float> all;
  const auto name = [&](ItemIndex item) {
    return std::to_string(std::get<std::int64_t>(domain.items.id(item)));
  };
  for (ItemIndex item = 0; item < domain.items.size(); ++item)
    for (std::size_t n = 0; n < found->items_of(item).size(); ++n)
      all[{name(item), name(found->items_of(item)[n])}] = found->scores_of(item)[n];
  return all;
}

TEST(Covisit, AWindowOfOneCountsTransitions) {
  using testing::Pair;
  EXPECT_THAT(pairs({"window=1"}), testing::UnorderedElementsAre(
                                       Pair(std::pair("0", "1"), 1), Pair(std::pair("1", "2"), 1),
                                       Pair(std::pair("2", "1"), 1), Pair(std::pair("0", "2"), 1),
                                       Pair(std::pair("1", "1"), 1)));
  EXPECT_FALSE(pairs({"window=1", "repeats=no"}).contains({"1", "1"}));
  // Across the sessions, 1 is followed by 0.
  EXPECT_FLOAT_EQ(pairs({"window=1", "within=history"}).at({"1", "0"}), 1);
  EXPECT_FLOAT_EQ(pairs({"window=1", "direction=before"}).at({"1", "0"}), 1);
  EXPECT_FLOAT_EQ(pairs({"window=1", "direction=both"}).at({"1", "2"}), 2);
  EXPECT_FLOAT_EQ(pairs({"window=1", "per_play=1"}).at({"1", "2"}), 1.0F / 4);
}

TEST(Covisit, DistancesCountAsTold) {
  EXPECT_FLOAT_EQ(pairs({"window=2"}).at({"0", "2"}), 1 + 1.0F / 2);
  EXPECT_FLOAT_EQ(pairs({"window=3"}).at({"0", "1"}), 1 + 1.0F / 3);
  EXPECT_FLOAT_EQ(pairs({"window=3", "distance=equal"}).at({"0", "1"}), 2);
  EXPECT_FLOAT_EQ(pairs({"window=3", "distance=halving"}).at({"0", "1"}), 1 + 0.25F);
  EXPECT_FLOAT_EQ(pairs({"window=3", "distance=equal", "half_life_s=1"}).at({"0", "1"}),
                  0.5F + 0.125F);
  EXPECT_FLOAT_EQ(pairs({"window=1", "popularity=0.5"}).at({"0", "1"}), 1 / 2.0F);
}

TEST(Covisit, PlaysOfNoWeightStandInNobodysWay) {
  const Dataset dataset = make_dataset({{1, 0, 0}, {1, 5, 1, 0.0F}, {1, 2, 2, 3.0F}});
  EXPECT_THAT(pairs({"window=1"}, dataset),
              testing::UnorderedElementsAre(testing::Pair(std::pair("0", "2"), 1)));
  EXPECT_FLOAT_EQ(pairs({"window=1", "weighted=yes"}, dataset).at({"0", "2"}), 3);
}

TEST(Covisit, OldPlaysAndPlaysOfOtherKindsCountLess) {
  // Two days of 0 1, a day apart; on the second 0 is bought.
  constexpr std::int64_t kDay = 86'400'000'000'000;
  LogColumns log = make_log({{1, 0, 0}, {1, 1, 0}, {2, 0, kDay}, {2, 1, kDay}});
  log.kinds = {0, 0, 2, 0};
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", log, run);
  EXPECT_FLOAT_EQ(pairs({"window=1"}, dataset).at({"0", "1"}), 2);
  EXPECT_FLOAT_EQ(pairs({"window=1", "half_life_days=1"}, dataset).at({"0", "1"}), 1.5F);
  // The older play counts half among the item's plays as well: probabilities stay.
  EXPECT_FLOAT_EQ(pairs({"window=1", "half_life_days=1", "per_play=1"}, dataset).at({"0", "1"}), 1);
  EXPECT_FLOAT_EQ(pairs({"window=1", "first_kind=2"}, dataset).at({"0", "1"}), 1);
  EXPECT_THAT(pairs({"window=1", "second_kind=2"}, dataset), testing::IsEmpty());
  EXPECT_THAT(pairs({"window=1", "second_kind=2", "direction=before"}, dataset),
              testing::UnorderedElementsAre(testing::Pair(std::pair("1", "0"), 1)));
}

TEST(Covisit, KindsAreNeededWhereOneIsAskedFor) {
  CovisitConfig config;
  config.second_kind = 1;
  TestContext run;
  const auto found = find_covisits(config, sessions().domains()[0], run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("kinds of events"));
}

TEST(Covisit, AHalfLifeNeedsTimes) {
  LogColumns log = make_log({{1, 0, 0}, {1, 2, 0}});
  log.time_ns.clear();
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", log, run);
  CovisitConfig config;
  config.half_life_s = 5;
  const auto found = find_covisits(config, dataset.domains()[0], run);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(found.status().message(), testing::HasSubstr("needs times"));
  config.half_life_s = 0;
  config.half_life_days = 3;
  EXPECT_EQ(find_covisits(config, dataset.domains()[0], run).status().kind(), StatusKind::kUsage);
}

}  // namespace
}  // namespace crossfade
