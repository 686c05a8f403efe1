// Each part of the richer world: off, it changes no bit; on, it does what is said of it.
#include "crossfade/simulation/richer_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "crossfade/simulation/simulate.h"
#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

// Always recommends what follows from the track alone, so that a session depends on its opening.
class NextTrackDoor final : public ImmediateDoor {
 public:
  std::function<void(const Inquiry&)> on_ask = [](const Inquiry&) {};

 private:
  Result<Reply> answer(const Inquiry& inquiry) override {
    on_ask(inquiry);
    return Reply{.track = (inquiry.heard.track + 11) % 60};
  }
};

class RicherWorldTest : public testing::Test {
 protected:
  std::vector<std::vector<SessionRecord>> play(const SimulationOptions& options) {
    std::vector<std::vector<SessionRecord>> days;
    NextTrackDoor door;
    door.on_ask = on_ask_;
    result_ = simulate(
        world_, door, options,
        [&](std::int64_t, std::span<const SessionRecord> sessions) {
          days.emplace_back(sessions.begin(), sessions.end());
          return ok_status();
        },
        context_);
    EXPECT_TRUE(result_.ok()) << result_.status().message();
    return days;
  }
  SimulationOptions with(const RicherConfig& richer) const {
    SimulationOptions options;
    options.episodes = 400;
    options.days = 4;
    options.listeners = 5;
    options.richer = richer;
    return options;
  }
  double mean_reward(const std::vector<SessionRecord>& sessions) const {
    double sum = 0;
    for (const SessionRecord& session : sessions) sum += session.reward;
    return sum / static_cast<double>(sessions.size());
  }
  // Whether the days are, session by session, those of the exact world.
  bool is_exact(const std::vector<std::vector<SessionRecord>>& days) {
    const auto exact = play(with({}));
    for (std::size_t d = 0; d < exact.size(); ++d)
      for (std::size_t i = 0; i < exact[d].size(); ++i)
        if (days[d].size() != exact[d].size() || days[d][i].user != exact[d][i].user ||
            days[d][i].reward != exact[d][i].reward || days[d][i].steps != exact[d][i].steps)
          return false;
    return true;
  }

  const HiddenWorld world_ = test_world();
  ThreadPool threads_{1};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
  Result<SimulationResult> result_ = failed("not run");
  std::function<void(const Inquiry&)> on_ask_ = [](const Inquiry&) {};
};

TEST_F(RicherWorldTest, WithAllKnobsAtZeroNoBitChanges) {
  EXPECT_TRUE(is_exact(play(with({}))));
  // Half-lives of a boredom that is off are no change either.
  EXPECT_TRUE(is_exact(play(with({.boredom_days = 1}))));
  for (const RicherConfig& on :
       {RicherConfig{.drift = 0.5}, RicherConfig{.boredom = 0.5}, RicherConfig{.returning = 1},
        RicherConfig{.position = 0.5}, RicherConfig{.context = 2}, RicherConfig{.new_tracks = 0.5},
        RicherConfig{.new_listeners = 0.5}})
    EXPECT_FALSE(is_exact(play(with(on))));
}

TEST_F(RicherWorldTest, OneSeedGivesOneRun) {
  const RicherConfig all{.drift = 0.2,
                         .boredom = 0.5,
                         .returning = 2,
                         .position = 0.1,
                         .context = 1,
                         .new_tracks = 0.3,
                         .new_listeners = 0.3};
  const auto once = play(with(all)), twice = play(with(all));
  for (std::size_t d = 0; d < once.size(); ++d) {
    ASSERT_EQ(once[d].size(), twice[d].size());
    for (std::size_t i = 0; i < once[d].size(); ++i)
      EXPECT_EQ(once[d][i].reward, twice[d][i].reward);
  }
}

TEST_F(RicherWorldTest, DriftMovesInterestsToNeighbours) {
  RicherWorld richer(world_, {.drift = 0.5}, 1, 10);
  const std::size_t count = world_.listeners.interests.size();
  std::vector<std::int32_t> before = world_.listeners.interests;
  std::size_t moved = 0;
  for (std::int64_t day = 0; day < 5; ++day) {
    richer.begin_day(day, 10);
    std::size_t at = 0;
    for (std::size_t u = 0; u < world_.listeners.all.size(); ++u)
      for (std::int32_t place = 0; place < world_.listeners.all[u].num_interests; ++place, ++at) {
        const std::int32_t now = richer.interest(static_cast<std::int32_t>(u), place);
        if (now != before[at]) {
          ++moved;
          const auto near = world_.neighbours.of(before[at]);
          EXPECT_NE(std::find(near.begin(), near.end(), now), near.end());
        }
        before[at] = now;
      }
    if (day == 0) {
      EXPECT_EQ(moved, 0u);  // the first day is the world as it is
    }
  }
  // Each of four nights moves half of them to one of ten neighbours, of which one is the place
  // itself.
  const double expected = 4 * 0.5 * 0.9 * static_cast<double>(count);
  EXPECT_NEAR(static_cast<double>(moved), expected, 4 * std::sqrt(expected * 0.55));
}

TEST_F(RicherWorldTest, WhatWasHeardYesterdayPleasesLess) {
  RicherWorld richer(world_, {.boredom = 0.8, .boredom_days = 1}, 1, 10);
  richer.begin_day(0, 2);
  LegacyRng random(1);
  ListeningSession session;
  session.begin(world_, {4, 4, 0, 7});
  session.hear(20, 1, random);
  EXPECT_EQ(richer.circumstances(session, 30).factor, 1);
  richer.remember(0, session);
  EXPECT_EQ(richer.circumstances(session, 20).factor,
            1);  // sessions of one day do not see each other
  richer.end_day();
  richer.begin_day(1, 2);
  EXPECT_DOUBLE_EQ(richer.circumstances(session, 20).factor, 1 - 0.8 / 2);
  EXPECT_DOUBLE_EQ(richer.circumstances(session, 7).factor, 1 - 0.8 / 2);  // the first track too
  richer.end_day();
  richer.begin_day(3, 2);
  EXPECT_DOUBLE_EQ(richer.circumstances(session, 20).factor, 1 - 0.8 / 8);
  EXPECT_EQ(richer.circumstances(session, 21).factor, 1);
  ListeningSession other;
  other.begin(world_, {5, 5, 0, 7});
  EXPECT_EQ(richer.circumstances(other, 20).factor, 1);  // another listener
}

TEST_F(RicherWorldTest, PleasedListenersComeMoreOften) {
  const auto days = play(with({.returning = 12}));
  std::map<std::int64_t, std::pair<double, int>> first;  // mean share on the first day, by user
  for (const SessionRecord& session : days[0]) {
    auto& [sum, count] = first[session.user];
    sum += session.reward / static_cast<double>(session.steps);
    ++count;
  }
  std::map<std::int64_t, int> later;
  for (const SessionRecord& session : days[3]) ++later[session.user];
  // The half that was pleased more comes more often.
  std::vector<std::pair<double, std::int64_t>> order;
  for (const auto& [user, mean] : first) order.emplace_back(mean.first / mean.second, user);
  std::sort(order.begin(), order.end());
  int less = 0, more = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    (i < order.size() / 2 ? less : more) += later[order[i].second];
  EXPECT_GT(more, less * 1.2);
  EXPECT_EQ(days[0].size(), 400u);
  EXPECT_NE(days[3].size(), 400u);
}

TEST_F(RicherWorldTest, AttentionFallsAlongASession) {
  RicherWorld richer(world_, {.position = 0.7}, 1, 1);
  LegacyRng random(1);
  ListeningSession session;
  session.begin(world_, {4, 4, 0, 7});
  EXPECT_EQ(richer.circumstances(session, 20).shift, 0);
  session.hear(20, 1, random);
  EXPECT_DOUBLE_EQ(richer.circumstances(session, 30).shift, -0.7 * std::log(2));
  EXPECT_LT(mean_reward(play(with({.position = 0.7}))[0]), mean_reward(play(with({}))[0]));
}

TEST_F(RicherWorldTest, TheTimeOfDayChoosesTheInterest) {
  SimulationOptions options = with({.context = 50});
  options.start_ms = 0;
  // With so large a weight every session of a user at one time of day is around one interest, if
  // any of his has that time.
  std::map<std::pair<std::int64_t, std::int64_t>, std::set<std::int32_t>> interests;
  std::map<std::int64_t, std::int64_t> times;  // sessions by time of day
  on_ask_ = [&](const Inquiry& inquiry) {
    if (inquiry.heard.time == 1 && !inquiry.last)
      ++times[inquiry.heard.at_ms % (24 * 3600 * 1000) / (6 * 3600 * 1000)];
  };
  const auto days = play(options);
  ASSERT_EQ(times.size(), 4u);
  for (const auto& [time, count] : times) EXPECT_GT(count, 300) << time;
  RicherWorld richer(world_, options.richer, options.seed, options.days);
  for (std::size_t d = 0; d < days.size(); ++d) {
    richer.begin_day(static_cast<std::int64_t>(d), 400);
    for (std::size_t i = 0; i < days[d].size(); ++i)
      interests[{days[d][i].user, richer.time_of_day(static_cast<std::int64_t>(i))}].insert(
          days[d][i].opening.interest);
  }
  int single = 0, all = 0;
  for (const auto& [key, found] : interests) {
    if (key.first % 6 == 0) continue;  // one interest anyway
    ++all;
    single += found.size() == 1;
  }
  EXPECT_GT(single, all / 3);
  EXPECT_LT(single, all);
}

TEST_F(RicherWorldTest, TracksAreHeardFromTheDayTheyComeOut) {
  const RicherConfig config{.new_tracks = 0.6};
  RicherWorld richer(world_, config, 42, 4);
  std::map<std::int64_t, int> births;
  for (std::int32_t track = 0; track < 60; ++track) ++births[richer.birth(track)];
  EXPECT_NEAR(births[0], 24, 12);
  EXPECT_GT(births[1] * births[2] * births[3], 0);
  const auto days = play(with(config));
  for (std::size_t d = 0; d < days.size(); ++d)
    for (const SessionRecord& session : days[d])
      if (richer.birth(session.opening.first) > static_cast<std::int64_t>(d)) {
        EXPECT_EQ(session.opening.place, 0);  // a preview, where no neighbour was out
      }
  richer.begin_day(0, 1);
  ListeningSession session;
  session.begin(world_, {4, 4, 0, 7});
  for (std::int32_t track = 0; track < 60; ++track)
    EXPECT_EQ(richer.circumstances(session, track).factor, richer.birth(track) > 0 ? 0 : 1);
  EXPECT_LT(mean_reward(days[0]), mean_reward(days[3]));
}

TEST_F(RicherWorldTest, ListenersJoin) {
  const RicherConfig config{.new_listeners = 0.7};
  RicherWorld richer(world_, config, 42, 4);
  const auto days = play(with(config));
  std::vector<std::size_t> distinct;
  for (std::size_t d = 0; d < days.size(); ++d) {
    std::set<std::int64_t> users;
    for (const SessionRecord& session : days[d]) {
      EXPECT_LE(richer.arrival(session.opening.listener), static_cast<std::int64_t>(d));
      users.insert(session.user);
    }
    distinct.push_back(users.size());
  }
  EXPECT_LT(distinct[0], 14u);
  EXPECT_EQ(distinct[3], 20u);
}

}  // namespace
}  // namespace crossfade
