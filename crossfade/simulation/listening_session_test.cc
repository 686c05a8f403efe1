// The session's arithmetic on numbers worked out by hand, and the order of its draws against the
// users of a published log.
#include "crossfade/simulation/listening_session.h"

#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

// One artist per ten tracks; bias 0 and sharpness 1.
HiddenWorld plain_world() {
  return test_world({.users = 1, .bias = 0, .sharpness = 1}, "plain");
}

TEST(ListeningSession, TheFirstTrackIsHeardWholeAndCostsNothing) {
  const HiddenWorld world = plain_world();
  ListeningSession session;
  session.begin(world, {0, 0, 0, 3});
  EXPECT_EQ(session.track(), 3);
  EXPECT_EQ(session.share(), 1.0);
  EXPECT_EQ(session.reward(), 0.0);
  EXPECT_EQ(session.steps(), 0);
  EXPECT_FALSE(session.over());
}

TEST(ListeningSession, SharesAreRoundedAndRepeatedArtistsDiscounted) {
  const HiddenWorld world = plain_world();
  LegacyRng random(1);
  ListeningSession session;
  session.begin(world, {0, 0, 0, 3});
  session.hear(15, 0, random);  // another artist: expit(0) = 0.5
  EXPECT_EQ(session.share(), 0.5);
  session.hear(4, 0, random);  // the first track's artist: 0.5 * 0.8
  EXPECT_EQ(session.share(), 0.4);
  session.hear(5, 0, random);  // his third play: 0.5 * 0.64
  EXPECT_EQ(session.share(), 0.32);
  session.hear(4, 9, random);  // played already
  EXPECT_EQ(session.share(), 0.0);
  EXPECT_EQ(session.steps(), 4);
  EXPECT_DOUBLE_EQ(session.reward(), 1.22);
}

TEST(ListeningSession, AnUnheardRepeatCountsAsAPlayOfItsArtist) {
  const HiddenWorld world = plain_world();
  LegacyRng random(1);
  ListeningSession session;
  session.begin(world, {0, 0, 0, 3});
  session.hear(3, 0, random);
  EXPECT_EQ(session.share(), 0.0);
  session.hear(4, 0, random);
  EXPECT_EQ(session.share(), 0.32);
}

TEST(ListeningSession, BiasAndSharpness) {
  const HiddenWorld world = test_world({.users = 1, .bias = 0.25, .sharpness = 8}, "sharp");
  LegacyRng random(1);
  ListeningSession session;
  session.begin(world, {0, 0, 0, 3});
  session.hear(15, 0.5, random);
  EXPECT_EQ(session.share(), 0.88);  // expit(2) = 0.8808
  session.hear(25, 0.5, random, {.shift = -2});
  EXPECT_EQ(session.share(), 0.5);
  session.hear(35, 0.5, random, {.factor = 0.5});
  EXPECT_EQ(session.share(), 0.44);
}

TEST(ListeningSession, TheBudgetFallsWhenTheDrawIsAboveTheShare) {
  const HiddenWorld world = plain_world();
  LegacyRng random(11), same(11);
  ListeningSession session;
  session.begin(world, {0, 0, 0, 3});
  int budget = 5;
  for (std::int32_t track = 10; !session.over(); ++track) {
    session.hear(track, 0, random);
    if (same.uniform() > session.share()) --budget;
    ASSERT_EQ(session.over(), budget == 0);
    ASSERT_LT(track, 59);
  }
}

// A log of the original, seed 31337 over 10,000 listeners, has these users in order; their sessions
// had so many steps. Draws of an interest depend on how many a listener has.
TEST(ListeningSession, DrawsTheUsersOfAPublishedLog) {
  struct Expected {
    std::int32_t user, interests, interest, place;
    int steps;
  };
  const std::vector<Expected> log = {{3255, 5, 1, 7, 5}, {7229, 3, 2, 2, 14}, {9016, 4, 3, 5, 14},
                                     {4432, 4, 0, 2, 5}, {5769, 3, 1, 8, 25}, {2786, 3, 1, 4, 6},
                                     {4327, 4, 1, 8, 5}, {3931, 1, 0, 5, 0}};
  const HiddenWorld small = plain_world();
  Listeners listeners;
  listeners.all.resize(10000);
  for (const Expected& expected : log)
    listeners.all[static_cast<std::size_t>(expected.user)].num_interests = expected.interests;
  for (Listener& listener : listeners.all) {
    listener.num_interests = std::max(listener.num_interests, 1);
    listener.first_interest = static_cast<std::int64_t>(listeners.interests.size());
    for (std::int32_t i = 0; i < listener.num_interests; ++i) listeners.interests.push_back(i);
  }
  const auto world = HiddenWorld::assemble(small.vectors, small.tracks, std::move(listeners));
  ASSERT_TRUE(world.ok());
  LegacyRng random(31337);
  for (const Expected& expected : log) {
    const Opening opening = draw_opening(*world, random);
    EXPECT_EQ(opening.listener, expected.user);
    EXPECT_EQ(opening.interest, expected.interest);
    EXPECT_EQ(opening.place, expected.place);
    for (int step = 0; step < expected.steps; ++step) random.uniform();
  }
}

}  // namespace
}  // namespace crossfade
