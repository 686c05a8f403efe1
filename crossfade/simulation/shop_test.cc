// Listeners who buy: visits follow sessions, and taste is what joins the two.
#include "crossfade/simulation/shop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/simulation/door_dummy.h"
#include "crossfade/simulation/simulate.h"
#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

// Goods with the vectors of the tracks 0, 5, 10, ...; good g is nearest to track 5g.
Result<Shop> make_shop(const HiddenWorld& music, std::int64_t dims = 16) {
  std::vector<Half> vectors;
  const std::vector<Half> tracks = as_halves(test_vectors({.dims = dims}));
  for (std::ptrdiff_t good = 0; good < 12; ++good)
    vectors.insert(vectors.end(), tracks.begin() + good * 5 * dims,
                   tracks.begin() + (good * 5 + 1) * dims);
  const std::string path = testing::TempDir() + "goods.json";
  CROSSFADE_CHECK(write_file(path, test_tracks(12)).ok(), "goods are written");
  return Shop::create(music, *TrackVectors::create(Array<Half>(vectors), 12),
                      *read_tracks(path, 12));
}

TEST(Shop, VisitsStartNearTheInterestOfTheSession) {
  const HiddenWorld music = test_world();
  const auto shop = make_shop(music);
  ASSERT_TRUE(shop.ok()) << shop.status().message();
  LegacyRng random(1);
  for (std::int32_t good = 0; good < 12; ++good) {
    const Opening opening = shop->open({3, good * 5, 0, 0}, random);
    EXPECT_EQ(opening.listener, 3);
    EXPECT_EQ(opening.interest, good);
    EXPECT_EQ(shop->world().listeners.all[3].user, music.listeners.all[3].user);
  }
}

TEST(Shop, GoodsOfAnotherSpaceAreRefused) {
  const HiddenWorld music = test_world();
  EXPECT_THAT(make_shop(music, 8).status().message(), testing::HasSubstr("of one space"));
}

TEST(Shop, AShareOfTheSessionsLeadsThereAndTheMusicStaysAsItWasUntilThen) {
  const HiddenWorld music = test_world();
  const auto shop = make_shop(music);
  ASSERT_TRUE(shop.ok());
  ThreadPool threads(1);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  DummyDoor door(60, 4, 1), counter(12, 4, 2);
  SimulationOptions options{.episodes = 1000, .listeners = 4};
  options.richer.buyers = 0.3;
  EXPECT_THAT(simulate(music, door, options, nullptr, context).status().message(),
              testing::HasSubstr("shop"));
  options.shop = &*shop;
  options.shop_door = &counter;
  const auto result = simulate(music, door, options, nullptr, context);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->days[0].sessions, 1000);
  EXPECT_NEAR(static_cast<double>(result->shop_days[0].sessions), 300, 60);
  EXPECT_GT(result->shop_days[0].reward.mean, 0);
}

}  // namespace
}  // namespace crossfade
