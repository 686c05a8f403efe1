// Service: the events add up, sessions are told apart by pauses, and choices follow the formulas.
#include "crossfade/synth/service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace crossfade {
namespace {

std::array<double, 24> flat() {
  std::array<double, 24> hours;
  hours.fill(1);
  return hours;
}

ServiceShape small_shape() {
  ServiceShape shape;
  shape.log = "plays";
  shape.events = 20000;
  shape.catalogue.items = 500;
  shape.catalogue.tastes = 10;
  shape.repeat = 0.3;
  return shape;
}

Service service_of(const ServiceShape& shape, std::vector<std::uint8_t> members) {
  ThreadPool threads(1);
  return Service(shape, Rhythm(60, flat(), 1), 5, members, threads);
}

struct Played {
  std::vector<std::int32_t> items;
  std::vector<std::int64_t> time_ms;
  std::vector<std::int32_t> sessions;
  std::vector<EventKind> kinds;
  std::vector<float> played_s;
};

Played play(const Service& service, std::int64_t user, Service::Scratch& scratch) {
  Played played;
  played.items.resize(static_cast<std::size_t>(service.num_events(user)));
  played.time_ms.resize(played.items.size());
  played.sessions.resize(played.items.size());
  played.kinds.resize(service.shape().follow > 0 ? played.items.size() : 0);
  played.played_s.resize(service.shape().plays ? played.items.size() : 0);
  EXPECT_EQ(
      service.play(user,
                   {played.items, played.time_ms, played.sessions, played.kinds, played.played_s},
                   scratch),
      service.num_events(user));
  return played;
}

TEST(Service, EventsSumToWhatWasAskedAndOnlyMembersHaveAny) {
  std::vector<std::uint8_t> members(100, 1);
  members[3] = members[99] = 0;
  const Service service = service_of(small_shape(), members);
  EXPECT_EQ(service.num_rows(), 20000);
  EXPECT_EQ(service.num_events(3), 0);
  EXPECT_EQ(service.num_events(99), 0);
  EXPECT_GT(service.num_events(0), 0);
}

TEST(Service, SessionsCoverTheEventsAndLieHalfAnHourApart) {
  const Service service = service_of(small_shape(), std::vector<std::uint8_t>(100, 1));
  Service::Scratch scratch;
  double sessions = 0;
  for (std::int64_t user = 0; user < 100; ++user) {
    const Played played = play(service, user, scratch);
    std::int64_t next = 0;
    for (const SessionPlan& session : scratch.sessions) {
      EXPECT_EQ(session.begin, next);
      next = session.end;
      sessions += 1;
    }
    ASSERT_EQ(next, service.num_events(user));
    for (const SessionPlan& session : scratch.sessions)
      for (std::int64_t e = session.begin; e < session.end; ++e)
        ASSERT_EQ(played.sessions[static_cast<std::size_t>(e)], session.begin);
    std::set<std::int64_t> begins;
    for (const SessionPlan& session : scratch.sessions) begins.insert(session.begin);
    for (std::size_t e = 1; e < played.time_ms.size(); ++e) {
      const std::int64_t gap = played.time_ms[e] - played.time_ms[e - 1];
      if (begins.count(static_cast<std::int64_t>(e)))
        EXPECT_GE(gap, 30 * 60 * 1000);
      else
        EXPECT_TRUE(gap >= 30000 && gap <= 270000) << gap;
    }
  }
  EXPECT_NEAR(20000 / sessions, 9, 0.9);  // a user's last session may be cut short
}

TEST(Service, DiscoveriesFollowTheUsersProbabilities) {
  ServiceShape shape = small_shape();
  shape.events = 200000;
  shape.repeat = 0;
  const Service service = service_of(shape, {1});
  Service::Scratch scratch;
  std::map<std::int32_t, double> counts;
  for (const std::int32_t item : play(service, 0, scratch).items) counts[item] += 1;
  // Moods make events of a session alike, which widens the spread of a count.
  const Taste taste = service.taste(0);
  double distance = 0;
  for (std::int32_t i = 0; i < 500; ++i)
    distance += std::abs(counts[i] / 200000 - taste.probability(service.catalogue(), i, 0)) / 2;
  EXPECT_LT(distance, 0.03);
}

TEST(Service, CoherentSessionsStayInTheirMood) {
  ServiceShape shape = small_shape();
  shape.repeat = 0;
  shape.coherence = 1;
  const Service service = service_of(shape, std::vector<std::uint8_t>(20, 1));
  Service::Scratch scratch;
  for (std::int64_t user = 0; user < 20; ++user) {
    const Played played = play(service, user, scratch);
    for (const SessionPlan& session : scratch.sessions)
      for (std::int64_t e = session.begin; e < session.end; ++e)
        EXPECT_GT(service.catalogue().probability(session.mood,
                                                  played.items[static_cast<std::size_t>(e)]),
                  0);
  }
}

TEST(Service, RepeatsAreAsManyAsTheKnobSaysAndPreferTheRecentPast) {
  ServiceShape shape = small_shape();
  shape.repeat = 0.9;
  const Service service = service_of(shape, {1});
  Service::Scratch scratch;
  const Played played = play(service, 0, scratch);
  const std::set<std::int32_t> distinct(played.items.begin(), played.items.end());
  EXPECT_LT(static_cast<double>(distinct.size()), 0.1 * 20000 + 200);

  std::vector<double> masses;
  service.replay_masses(4, masses);  // recency 2: ages have sqrt((a + 1) / 4) - sqrt(a / 4)
  EXPECT_NEAR(masses[3], 0.5, 1e-12);
  EXPECT_NEAR(masses[2], std::sqrt(0.5) - 0.5, 1e-12);
  EXPECT_NEAR(masses[0] + masses[1] + masses[2] + masses[3], 1, 1e-12);
}

TEST(Service, WhereItemsAreMetOnceNoPairComesTwice) {
  ServiceShape shape = small_shape();
  shape.repeat = 0;
  shape.once = true;
  const Service service = service_of(shape, std::vector<std::uint8_t>(50, 1));
  EXPECT_LE(service.num_rows(), 50 * 250);  // half of the items each
  Service::Scratch scratch;
  for (std::int64_t user = 0; user < 50; ++user) {
    const Played played = play(service, user, scratch);
    const std::set<std::int32_t> distinct(played.items.begin(), played.items.end());
    EXPECT_EQ(distinct.size(), played.items.size());
  }
}

TEST(Service, UsersWhoComeLateStartLate) {
  ServiceShape shape = small_shape();
  shape.arrivals = 1;
  const Service service = service_of(shape, std::vector<std::uint8_t>(200, 1));
  Service::Scratch scratch;
  int second_half = 0;
  for (std::int64_t user = 0; user < 200; ++user) {
    const Played played = play(service, user, scratch);
    if (!played.time_ms.empty() && played.time_ms[0] > kFirstDayMs + 30 * 24 * kHourMs)
      ++second_half;
  }
  EXPECT_GT(second_half, 70);
  EXPECT_LT(second_half, 130);
}

TEST(Service, EveryMemberHasAnEventIfThereAreEnough) {
  ServiceShape shape = small_shape();
  shape.events = 300;
  shape.activity_sigma = 3;
  const Service service = service_of(shape, std::vector<std::uint8_t>(200, 1));
  EXPECT_EQ(service.num_rows(), 300);
  for (std::int64_t user = 0; user < 200; ++user) EXPECT_GT(service.num_events(user), 0);
}

TEST(Service, ItemsArePlayedOnlyOnceTheyAreBornAndThenGladly) {
  ServiceShape shape = small_shape();
  shape.repeat = 0;
  shape.catalogue.new_items = 0.5;
  const Service service = service_of(shape, std::vector<std::uint8_t>(50, 1));
  Service::Scratch scratch;
  int late = 0;
  for (std::int64_t user = 0; user < 50; ++user) {
    const Played played = play(service, user, scratch);
    for (std::size_t e = 0; e < played.items.size(); ++e) {
      const int birth = service.catalogue().birth(played.items[e]);
      late += birth > 0;
      ASSERT_GE(played.time_ms[e], service.rhythm().time_ms(birth / double{kEpochs}));
    }
  }
  EXPECT_GT(late, 20000 / 10);
}

TEST(Service, TastesDriftInAStraightLine) {
  ServiceShape shape = small_shape();
  shape.taste.drift = 0.8;
  const Service service = service_of(shape, {1});
  const Taste taste = service.taste(0);
  double begin = 0, end = 0, moved = 0;
  for (const Taste::Part& part : taste.parts()) {
    begin += part.weight;
    end += part.end;
    moved += std::abs(part.end - part.weight) / 2;
    EXPECT_NEAR(part.at(0.5), (part.weight + part.end) / 2, 1e-12);
  }
  EXPECT_NEAR(begin, 1, 1e-9);
  EXPECT_NEAR(end, 1, 1e-9);
  // 0.8 of the 0.7 that are tastes, less where an old taste is drawn again.
  EXPECT_LE(moved, 0.56 + 1e-9);
  EXPECT_GT(moved, 0.2);
}

TEST(Service, ClicksLeadToTheCartAndTheCartToAPurchase) {
  ServiceShape shape = small_shape();
  shape.follow = 0.3;
  const Service service = service_of(shape, std::vector<std::uint8_t>(50, 1));
  Service::Scratch scratch;
  std::map<EventKind, double> counts;
  for (std::int64_t user = 0; user < 50; ++user) {
    const Played played = play(service, user, scratch);
    for (std::size_t e = 0; e < played.items.size(); ++e) {
      counts[played.kinds[e]] += 1;
      if (played.kinds[e] == EventKind::kClick) continue;
      ASSERT_EQ(played.items[e], played.items[e - 1]);
      ASSERT_EQ(static_cast<int>(played.kinds[e]), static_cast<int>(played.kinds[e - 1]) + 1);
    }
  }
  // Chances of a step, 0.3 but for the first event of a session: 1 : 0.26 : 0.07 or so.
  EXPECT_NEAR(counts[EventKind::kCart] / counts[EventKind::kClick], 0.27, 0.04);
  EXPECT_NEAR(counts[EventKind::kPurchase] / counts[EventKind::kCart], 0.27, 0.04);
}

TEST(Service, SkippedPlaysAreShortAndPlaysDoNotOverlap) {
  ServiceShape shape = small_shape();
  shape.plays = true;
  const Service service = service_of(shape, std::vector<std::uint8_t>(50, 1));
  Service::Scratch scratch;
  int skips = 0, whole = 0;
  for (std::int64_t user = 0; user < 50; ++user) {
    const Played played = play(service, user, scratch);
    for (std::size_t e = 0; e < played.items.size(); ++e) {
      const float share = played.played_s[e] / service.listening().length_s(played.items[e]);
      ASSERT_LE(share, 1.01F);
      skips += share < 0.3F;
      whole += share > 0.99F;
      if (e == 0 || played.sessions[e] != played.sessions[e - 1]) continue;
      ASSERT_GE(static_cast<double>(played.time_ms[e] - played.time_ms[e - 1]),
                1000.0 * double{played.played_s[e - 1]});
    }
  }
  EXPECT_NEAR(skips / 20000.0, 0.31, 0.06);
  EXPECT_NEAR(whole / 20000.0, 0.65 * 0.69, 0.06);
}

}  // namespace
}  // namespace crossfade
