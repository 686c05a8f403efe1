// The botify world: shapes of both generations, the same bytes for any number of threads, and the
// frozen defaults: what recommenders are judged on must not move once they are.
#include "crossfade/synth/botify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "crossfade/base/hash.h"
#include "crossfade/base/json.h"
#include "crossfade/synth/botify_vectors.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

Result<BotifyWorld> make(const BotifyConfig& config, std::uint64_t seed = 1, int num_threads = 1) {
  ThreadPool threads(num_threads);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  return make_botify_world(config, seed, context);
}

BotifyConfig small(BotifyConfig config) {
  config.tracks = 1000;
  config.artists = config.normalised ? 80 : 240;
  config.users = 500;
  config.genres = 8;
  config.dims = 48;
  config.rank = 48;
  return config;
}

std::string bytes_of(const BotifyWorld& world) {
  std::string text;
  for (std::int32_t track = 0; track < static_cast<std::int32_t>(world.artist_of.size()); ++track)
    text += world.track_line(track);
  for (std::size_t user = 0; user < world.users.size(); ++user)
    text += botify_user_line(static_cast<std::int64_t>(user), world.users[user]);
  text += botify_top_tracks(world.popularity, 100);
  text.append(reinterpret_cast<const char*>(world.halves.data()), world.halves.size() * 2);
  text.append(reinterpret_cast<const char*>(world.floats.data()), world.floats.size() * 4);
  return text;
}

double product(const BotifyWorld& world, std::size_t a, std::size_t b) {
  double sum = 0;
  const auto dims = static_cast<std::size_t>(world.dims);
  for (std::size_t d = 0; d < dims; ++d) {
    const auto value = [&](std::size_t track) {
      const std::size_t at = track * dims + d;
      return world.halves.empty() ? static_cast<double>(world.floats[at])
                                  : static_cast<double>(half_to_float(world.halves[at]));
    };
    sum += value(a) * value(b);
  }
  return sum;
}

TEST(Botify, TheSameBytesForAnyNumberOfThreadsAndOthersForAnotherSeed) {
  for (const BotifyConfig& config : {small({}), small(BotifyConfig::of_2022())}) {
    const std::string one = bytes_of(*make(config));
    EXPECT_EQ(bytes_of(*make(config, 1, 3)), one);
    EXPECT_NE(bytes_of(*make(config, 2)), one);
  }
}

// The defaults were calibrated (docs/simulation.md) and then frozen: if this fails on purpose, the
// calibration and every figure measured in these worlds have to be made again.
TEST(Botify, TheDefaultsAreFrozen) {
  const std::string knobs =
      to_text(knobs_to_json(BotifyConfig())) + to_text(knobs_to_json(BotifyConfig::of_2022()));
  EXPECT_EQ(sha256_hex(knobs), "a7e4c1443f1dcdbe8d60d7bab3b19a0b705c7905f4b53c91331db3a0d9549b70");
  // And what they make: artists and interests, which no rounding of a library's exp can move.
  std::string made;
  for (const BotifyConfig& config : {small({}), small(BotifyConfig::of_2022())}) {
    const auto world = make(config);
    for (const std::int32_t artist : world->artist_of) made += std::to_string(artist) + " ";
    for (const BotifyUser& user : world->users)
      for (const std::int32_t track : user.interests) made += std::to_string(track) + " ";
  }
  EXPECT_EQ(sha256_hex(made), "1622fa73dd75d94d4f1eeabb0f9d39e81deceb3a785e3ab8cdc9295601605660");
}

TEST(Botify, TheGenerationOf2026HasArtistsInBlocksAndUnitHalves) {
  const BotifyConfig config = small({});
  const auto world = make(config);
  ASSERT_TRUE(world.ok());
  EXPECT_TRUE(std::is_sorted(world->artist_of.begin(), world->artist_of.end()));
  EXPECT_EQ(world->artist_of.front(), 0);
  EXPECT_EQ(world->artist_of.back(), 79);
  EXPECT_EQ(std::set<std::int32_t>(world->genre_of.begin(), world->genre_of.end()).size(), 8u);
  EXPECT_TRUE(world->floats.empty());
  for (std::size_t track = 0; track < 50; ++track)
    EXPECT_NEAR(product(*world, track, track), 1, 2e-3);
  double within = 0, between = 0;
  for (std::size_t track = 0; track + 500 < 1000; ++track) {
    within += product(*world, track, track + 1) / 500;  // mostly one artist
    between += product(*world, track, track + 500) / 500;
  }
  EXPECT_GT(within, 0.25);
  EXPECT_LT(std::abs(between), 0.08);
}

TEST(Botify, TheGenerationOf2022HasTracksByPopularityAndLongerPopularOnes) {
  const BotifyConfig config = small(BotifyConfig::of_2022());
  const auto world = make(config);
  ASSERT_TRUE(world.ok());
  EXPECT_TRUE(world->halves.empty());
  std::map<std::int32_t, int> sizes;
  for (const std::int32_t artist : world->artist_of) ++sizes[artist];
  EXPECT_EQ(sizes.size(), 240u);
  int singles = 0, largest = 0;
  for (const auto& [artist, size] : sizes) {
    singles += size == 1;
    largest = std::max(largest, size);
  }
  EXPECT_NEAR(singles, 0.565 * 240, 25);
  EXPECT_GT(largest, 20);
  double head = 0, head_length = 0, tail_length = 0;
  for (std::size_t track = 0; track < 100; ++track) {
    head += world->popularity[track];
    head_length += product(*world, track, track);
    tail_length += product(*world, 999 - track, 999 - track);
  }
  EXPECT_NEAR(head, 0.37, 0.1);  // published listeners: 0.345 of all interests
  EXPECT_GT(head_length, 2 * tail_length);
  for (const BotifyUser& user : world->users) EXPECT_EQ(user.interests.size(), 3u);
}

TEST(Botify, ListenersAreAsPublished) {
  BotifyConfig config = small({});
  config.users = 4000;
  const auto world = make(config);
  ASSERT_TRUE(world.ok());
  std::map<std::size_t, int> counts;
  double bias = 0, sharpness = 0;
  for (const BotifyUser& user : world->users) {
    ++counts[user.interests.size()];
    bias += user.bias / 4000;
    sharpness += user.sharpness / 4000;
    EXPECT_EQ(std::set<std::int32_t>(user.interests.begin(), user.interests.end()).size(),
              user.interests.size());
  }
  EXPECT_NEAR(bias, 0.15, 0.01);
  EXPECT_NEAR(sharpness, 9.5, 0.2);
  EXPECT_NEAR(counts[1], 4000 / 32, 40);
  EXPECT_NEAR(counts[3], 4000 * 10 / 32, 130);
  BotifyConfig old = small(BotifyConfig::of_2022());
  old.users = 4000;
  int below_one = 0;
  const auto before = make(old);
  for (const BotifyUser& user : before->users) {
    EXPECT_GE(user.sharpness, 0.5);
    EXPECT_LE(user.sharpness, 2);
    below_one += user.sharpness < 1;
  }
  EXPECT_NEAR(below_one, 2000, 150);
}

TEST(Botify, LinesAreThoseOfTheOriginal) {
  const auto world = make(small({}));
  const auto track = parse_json(world->track_line(7)),
             user = parse_json(botify_user_line(3, world->users[3]));
  EXPECT_EQ((*track)["track"], Json(7));
  EXPECT_TRUE((*track)["artist"].as_string() && (*track)["title"].as_string());
  EXPECT_EQ((*user)["user"], Json(3));
  EXPECT_TRUE((*user)["interests"].as_array());
  EXPECT_EQ((*user)["consume_bias"].number(), world->users[3].bias);
  EXPECT_EQ(botify_top_tracks({0.1, 0.4, 0.1, 0.4}, 3), "[1, 3, 0]");
}

TEST(Botify, TurningKeepsLengthsAndProducts) {
  for (const std::size_t size : {1, 2, 5, 64, 100}) {
    std::vector<double> a(size), b(size);
    Rng rng(3);
    for (std::size_t i = 0; i < size; ++i) {
      a[i] = i < 2 ? rng.normal() : 0;
      b[i] = rng.normal();
    }
    const auto dot = [&] {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
      return sum;
    };
    const double before = dot();
    turn(9, a);
    turn(9, b);
    EXPECT_NEAR(dot(), before, 1e-12);
    if (size == 64) {
      EXPECT_EQ(std::count(a.begin(), a.end(), 0.0), 0);  // it went to all axes
    }
  }
}

TEST(Botify, OneTrackAndOneListenerAreAWorld) {
  BotifyConfig config;
  config.tracks = config.artists = config.users = config.genres = config.dims = config.rank = 1;
  config.interests_most = 1;
  const auto world = make(config);
  ASSERT_TRUE(world.ok()) << world.status().message();
  EXPECT_THAT(world->users[0].interests, testing::ElementsAre(0));
}

TEST(Botify, KnobsThatContradictEachOtherAreUsageErrors) {
  const auto error = [](void (*change)(BotifyConfig&)) {
    BotifyConfig config = small({});
    change(config);
    const auto world = make(config);
    EXPECT_EQ(world.status().kind(), StatusKind::kUsage);
    return world.status().message();
  };
  EXPECT_THAT(error([](BotifyConfig& c) { c.artists = 1001; }), HasSubstr("more artists (1001)"));
  EXPECT_THAT(error([](BotifyConfig& c) { c.genres = 81; }), HasSubstr("more genres"));
  EXPECT_THAT(error([](BotifyConfig& c) { c.rank = 49; }), HasSubstr("rank of 49"));
  EXPECT_THAT(error([](BotifyConfig& c) { c.bias_low = 1; }), HasSubstr("lower end"));
  EXPECT_THAT(error([](BotifyConfig& c) {
                c.tracks = c.artists = 3;
                c.genres = 1;
                c.interests_most = 4;
              }),
              HasSubstr("interests"));
}

}  // namespace
}  // namespace crossfade
