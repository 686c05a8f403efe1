// Oracle: the same lists as scoring every item, and it sees moods and replays where it should.
#include "crossfade/synth/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

class OracleTest : public testing::Test {
 protected:
  static Service make_service() {
    ServiceShape shape;
    shape.log = "plays";
    shape.events = 20000;
    shape.catalogue.items = 800;
    shape.catalogue.tastes = 12;
    shape.catalogue.new_items = 0.3;
    shape.taste.drift = 0.6;
    shape.repeat = 0.4;
    shape.follow = 0.1;
    std::array<double, 24> hours;
    hours.fill(1);
    ThreadPool threads(1);
    return Service(shape, Rhythm(60, hours, 1), 5, std::vector<std::uint8_t>(100, 1), threads);
  }

  // The first `events` events of a user.
  std::vector<std::int32_t> past(std::int64_t user, std::int64_t events) {
    std::vector<std::int32_t> items(static_cast<std::size_t>(service_.num_events(user)));
    std::vector<std::int64_t> times(items.size());
    std::vector<std::int32_t> sessions(items.size());
    Service::Scratch played;
    service_.play(user, {items, times, sessions, {}, {}}, played);
    items.resize(static_cast<std::size_t>(events));
    return items;
  }

  // The moments to come, as pairs of a session and its number of events.
  std::vector<std::pair<SessionPlan, double>> moments(const Oracle::Question& question) {
    std::vector<SessionPlan> sessions;
    service_.plan_sessions(question.user, service_.taste(question.user), sessions);
    const auto next = static_cast<std::int64_t>(question.past.size());
    std::vector<std::pair<SessionPlan, double>> moments;
    for (const SessionPlan& session : sessions)
      if (session.end > next)
        moments.emplace_back(session, session.end - std::max(session.begin, next));
    if (question.horizon == Horizon::kNext) moments.resize(1);
    return moments;
  }

  // All items scored one by one, from the chances at each moment.
  std::vector<Oracle::Scored> by_hand(const Oracle::Question& question) {
    const Taste taste = service_.taste(question.user);
    const auto next = static_cast<std::int64_t>(question.past.size());
    const auto ahead = moments(question);
    const bool goes_on = question.horizon == Horizon::kNext && ahead[0].first.begin < next;
    double total = 0;
    for (const auto& [session, events] : ahead) total += events;
    std::vector<double> masses;
    const std::int64_t replayable = goes_on ? ahead[0].first.begin : next;
    service_.replay_masses(replayable, masses);
    masses.resize(question.past.size(), 0);
    const Catalogue& catalogue = service_.catalogue();
    std::vector<Oracle::Scored> all;
    for (std::int32_t i = 0; i < 800; ++i) {
      double score = 0;
      for (const auto& [session, events] : ahead) {
        const int epoch = epoch_at(session.share);
        double chance = taste.probability(catalogue, i, session.share);
        const double in_mood =
            catalogue.birth(i) <= epoch
                ? catalogue.probability(session.mood, i) / catalogue.mass(session.mood, epoch)
                : 0;
        if (goes_on) chance = 0.5 * chance + 0.5 * in_mood;
        score += chance * events / total;
      }
      bool seen = false;
      double replay = 0;
      for (std::size_t e = 0; e < question.past.size(); ++e)
        if (question.past[e] == i) {
          seen = true;
          replay += masses[e];
        }
      if (seen && !question.keep_seen) continue;
      if (question.keep_seen && replayable > 0) score = 0.6 * score + 0.4 * replay;
      if (question.keep_seen && goes_on)
        score = 0.9 * score + (question.past.back() == i ? 0.1 : 0);
      if (score > 0) all.push_back({score, i});
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    all.resize(std::min(all.size(), static_cast<std::size_t>(question.k)));
    return all;
  }

  Service service_ = make_service();
  ThreadPool threads_{2};
  Oracle oracle_{service_, threads_};
  Oracle::Scratch scratch_;
};

TEST_F(OracleTest, ListsAreThoseOfScoringEveryItem) {
  for (std::int64_t user = 0; user < 40; ++user)
    for (const bool keep_seen : {false, true})
      for (const Horizon horizon : {Horizon::kNext, Horizon::kLater})
        for (const std::int64_t events : {std::int64_t{0}, service_.num_events(user) / 2}) {
          const Oracle::Question question{user, past(user, events), 15, keep_seen, horizon};
          const auto list = oracle_.best(question, scratch_);
          const auto expected = by_hand(question);
          ASSERT_EQ(list.size(), expected.size());
          for (std::size_t place = 0; place < list.size(); ++place)
            ASSERT_NEAR(list[place].score, expected[place].score, 1e-9) << user << " " << place;
        }
}

TEST_F(OracleTest, AListAsLongAsTheCatalogueHoldsEveryPossibleItemOnce) {
  const Oracle::Question question{7, past(7, 3), 100000, false, Horizon::kLater};
  const auto list = oracle_.best(question, scratch_);
  EXPECT_EQ(list.size(), by_hand(question).size());
  std::vector<std::int32_t> items;
  for (const auto& scored : list) items.push_back(scored.item);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(std::adjacent_find(items.begin(), items.end()), items.end());
}

TEST_F(OracleTest, UnknownUsersGetNoRowsAndUnknownItemsArePassedOver) {
  const FirstIds ids{1000, 500};
  KnownHistories known;
  known.users = {999, 1002, 5000};
  known.offsets = {0, 0, 3, 3};
  known.items = {1, 500, 99999};
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads_, progress, stop};
  const auto table =
      oracle_table(oracle_, ids, {"plays", known, 5, false, Horizon::kLater}, context);
  ASSERT_TRUE(table.ok());
  const auto& users = std::get<std::vector<std::int64_t>>(table->columns[0].values);
  const auto& items = std::get<std::vector<std::int64_t>>(table->columns[1].values);
  EXPECT_EQ(users, std::vector<std::int64_t>(5, 1002));
  EXPECT_EQ(std::count(items.begin(), items.end(), 500), 0);
  const auto bad = oracle_table(oracle_, ids, {"plays", known, 0, false, Horizon::kLater}, context);
  EXPECT_EQ(bad.status().kind(), StatusKind::kUsage);
}

}  // namespace
}  // namespace crossfade
