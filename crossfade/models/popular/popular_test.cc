// Popularity on a log whose every score can be worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/popular/popular_model.h"
#include "crossfade/models/popular/popular_trainer.h"

namespace crossfade {
namespace {

constexpr std::int64_t kDay = 86'400'000'000'000;

// Items 10, 20, 30 become 0, 1, 2; the newest event is on day 10.
Dataset tiny() {
  return make_dataset({{1, 10, 0},               // day 0
                       {1, 10, 8 * kDay},        // the same user again, day 8
                       {2, 20, 9 * kDay},        //
                       {3, 20, 10 * kDay},       //
                       {3, 30, 10 * kDay, 0}});  // a skip: weight 0
}

std::vector<float> scores(const PopularConfig& config, const Dataset& dataset) {
  TestContext run;
  const auto counted = count_popularity(config, dataset.domains()[0], run);
  EXPECT_TRUE(counted.ok()) << counted.status().message();
  return counted.ok() ? *counted : std::vector<float>();
}

TEST(Popular, CountsUsersOrEvents) {
  EXPECT_THAT(scores({"users", 0, 0}, tiny()), testing::ElementsAre(1, 2, 0));
  EXPECT_THAT(scores({"events", 0, 0}, tiny()), testing::ElementsAre(2, 2, 0));
}

TEST(Popular, AWindowEndsAtTheNewestEvent) {
  EXPECT_THAT(scores({"events", 1, 0}, tiny()), testing::ElementsAre(0, 2, 0));
  EXPECT_THAT(scores({"events", 2, 0}, tiny()), testing::ElementsAre(1, 2, 0));
  EXPECT_THAT(scores({"events", 0.5, 0}, tiny()), testing::ElementsAre(0, 1, 0));
}

TEST(Popular, EventsAgeByHalves) {
  // Ages of item 0: 10 and 2 days; of item 1: 1 and 0. A user counts with his newest event.
  using testing::FloatEq;
  EXPECT_THAT(scores({"events", 0, 2}, tiny()),
              testing::ElementsAre(FloatEq(0.5F + 0.03125F), FloatEq(1.7071068F), FloatEq(0)));
  EXPECT_THAT(scores({"users", 0, 2}, tiny()),
              testing::ElementsAre(FloatEq(0.5F), FloatEq(1.7071068F), FloatEq(0)));
}

TEST(Popular, WithoutTimesAWindowIsAUsageErrorThatSaysSo) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}, {2, 10, 0}});
  log.time_ns.clear();
  const auto dataset = build_dataset(Dataset(), "music", std::move(log), run);
  ASSERT_TRUE(dataset.ok());
  EXPECT_THAT(scores({"users", 0, 0}, *dataset), testing::ElementsAre(2));
  for (const PopularConfig& config : {PopularConfig{"users", 7, 0}, PopularConfig{"users", 0, 7}}) {
    const auto counted = count_popularity(config, dataset->domains()[0], run);
    ASSERT_FALSE(counted.ok());
    EXPECT_EQ(counted.status().kind(), StatusKind::kUsage);
    EXPECT_THAT(counted.status().message(), testing::HasSubstr("music"));
    EXPECT_THAT(counted.status().message(), testing::HasSubstr("times"));
  }
}

TEST(Popular, AnswersInOrderAndNeverWhatNobodyMet) {
  const auto model = PopularModel::make({}, "music", std::vector<float>{1, 3, 0, 3});
  ASSERT_TRUE(model.ok());
  const auto list = (*model)->recommend({}, 0, {10});
  EXPECT_EQ(list, (std::vector<ScoredItem>{{1, 3}, {3, 3}, {0, 1}}));
}

TEST(Popular, RefusesScoresThatAreNone) {
  EXPECT_EQ(PopularModel::make({}, "music", std::vector<float>{1, -1}).status().kind(),
            StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
