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
};

Played play(const Service& service, std::int64_t user, Service::Scratch& scratch) {
  Played played;
  played.items.resize(static_cast<std::size_t>(service.num_events(user)));
  played.time_ms.resize(played.items.size());
  service.play(user, played.items, played.time_ms, scratch);
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
  EXPECT_NEAR(20000 / sessions, 9, 0.6);  // a user's last session may be cut short
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
    distance += std::abs(counts[i] / 200000 - taste.probability(service.catalogue(), i)) / 2;
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

}  // namespace
}  // namespace crossfade
