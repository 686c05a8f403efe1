// The recommender in this process: it gets every play, and answers the catalogue's tracks.
#include "crossfade/simulation/door_recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"
#include "crossfade/simulation/simulate.h"
#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

Recommender make_recommender(const WorldPaths& paths) {
  BundleInput input;
  input.dataset = make_dataset({{1, 5, 10}, {1, 6, 20}, {2, 5, 10}});
  input.catalog_path = paths.tracks;
  auto bundle = Bundle::assemble(std::move(input));
  CROSSFADE_CHECK(bundle.ok(), bundle.status().message());
  return Recommender(std::move(*bundle), EventLog::without_file());
}

class RecommenderDoorTest : public testing::Test {
 protected:
  Result<SimulationResult> play(RecommenderDoor& door, const SimulationOptions& options) {
    return simulate(*world_, door, options, nullptr, context_);
  }
  const WorldPaths paths_ = write_test_world({}, "door");
  const Result<HiddenWorld> world_ = HiddenWorld::open(paths_, Temper());
  ThreadPool threads_{1};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
};

TEST_F(RecommenderDoorTest, PlaysAreObservedAndTracksAnswered) {
  Recommender recommender = make_recommender(paths_);
  SystemClock clock;
  RecommenderDoor door(recommender, "", &clock);
  const auto result = play(door, {.episodes = 50, .listeners = 4});
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->days[0].losses[0], 50);
  EXPECT_EQ(recommender.describe()["events"], Json(result->requests));
}

TEST_F(RecommenderDoorTest, OneSeedGivesOneRun) {
  double means[2] = {};
  for (double& mean : means) {
    Recommender recommender = make_recommender(paths_);
    RecommenderDoor door(recommender, "", nullptr);
    mean = play(door, {.episodes = 50, .listeners = 4})->days[0].reward.mean;
  }
  EXPECT_EQ(means[0], means[1]);
}

TEST_F(RecommenderDoorTest, WhatTheRecommenderRefusesEndsTheRun) {
  Recommender recommender = make_recommender(paths_);
  RecommenderDoor door(recommender, "goods", nullptr);
  const auto result = play(door, {.episodes = 5});
  EXPECT_EQ(result.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(result.status().message(), testing::HasSubstr("goods"));
}

}  // namespace
}  // namespace crossfade
