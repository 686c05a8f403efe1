// The loop of a search: poor tries are stopped early, failures are survived, a stop changes
// nothing.
#include "crossfade/pipeline/tries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "crossfade/data/test_log.h"
#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

struct HillConfig {
  double x = 0.9;
  std::int64_t rounds = 18;
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("x", x, between(0, 1).tuned(0, 1), "place");
    knob("rounds", rounds, between(1, 100).effort(2), "time");
  }
};

struct PlaceConfig {
  double x = 0.9;
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("x", x, between(0, 1).tuned(0, 1), "place");
  }
};

struct CoinConfig {
  std::string side = "heads";
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("side", side, one_of({"heads", "tails"}).tuned(), "side");
  }
};

class TriesTest : public testing::Test {
 protected:
  TryJournal open(const std::string& name = "tries") {
    return *TryJournal::open(
        paths_[name].empty() ? paths_[name] = fresh_folder(name) : paths_[name], Json("hill"));
  }
  // A hill at x = 0.3 that is seen better with more rounds.
  Result<RungScore> hill(const std::vector<std::string>& settings, const Rung&) {
    HillConfig config;
    EXPECT_TRUE(apply_settings(config, "hill", settings).ok());
    rounds_ += config.rounds;
    const double noise = 0.1 * std::sin(1000 * config.x) / static_cast<double>(config.rounds);
    return RungScore{0, kUsers, 1 - std::abs(config.x - 0.3) + noise, {}};
  }
  Status make(TryJournal& journal, std::int64_t budget, const ScoreTry& score) {
    return make_tries({hill_, {}, {budget, 0}, "height", kUsers}, score, journal, clock_, run_);
  }
  ScoreTry hill_score() {
    return [this](const std::vector<std::string>& settings, const Rung& rung) {
      return hill(settings, rung);
    };
  }
  static constexpr std::int64_t kUsers = 1000;

  SearchSpace hill_ = *SearchSpace::make("hill", list_knobs<HillConfig>(), {});
  std::map<std::string, std::string> paths_;
  std::int64_t rounds_ = 0;
  ManualClock clock_;
  TestContext run_;
};

TEST_F(TriesTest, RungsLieAFactorOfThreeApart) {
  std::vector<double> efforts;
  for (const Rung& rung : rungs_of(hill_, kUsers)) {
    efforts.push_back(rung.effort);
    EXPECT_EQ(rung.users, 1);
  }
  EXPECT_THAT(efforts, testing::ElementsAre(2, 6, 18));
}

TEST_F(TriesTest, WithoutAnEffortKnobRungsAreSharesOfTheUsers) {
  const SearchSpace place = *SearchSpace::make("place", list_knobs<PlaceConfig>(), {});
  const auto shares = [&](std::int64_t users) {
    std::vector<std::int64_t> counts;
    for (const Rung& rung : rungs_of(place, users))
      counts.push_back(std::llround(rung.users * static_cast<double>(users)));
    return counts;
  };
  EXPECT_THAT(shares(90000), testing::ElementsAre(10000, 30000, 90000));
  EXPECT_THAT(shares(899), testing::ElementsAre(300, 899));
  EXPECT_THAT(shares(200), testing::ElementsAre(200));

  TryJournal journal = open();
  double judged = 0;
  const ScoreTry score = [&](const std::vector<std::string>& settings, const Rung& rung) {
    judged += rung.users;
    const auto users = std::llround(rung.users * kUsers);
    return RungScore{0, users, 1 - std::abs(place.point(settings)[0] - 0.3), {}};
  };
  ASSERT_TRUE(make_tries({place, {}, {40, 0}, "m", kUsers}, score, journal, clock_, run_).ok());
  const Try& best = journal.tries()[best_try(journal.tries())];
  EXPECT_NEAR(place.point(best.settings)[0], 0.3, 0.02);
  EXPECT_EQ(best.rungs.back().users, kUsers);
  EXPECT_LT(judged, 40 * 0.7);  // all whole: 40
  EXPECT_EQ(journal.tries()[1].rungs[0].users, 111);
}

TEST_F(TriesTest, FindsTheTopAndGivesPoorTriesLess) {
  TryJournal journal = open();
  ASSERT_TRUE(make(journal, 40, hill_score()).ok());
  const std::vector<Try>& tries = journal.tries();
  ASSERT_EQ(tries.size(), 40u);
  EXPECT_TRUE(tries[0].settings.empty());
  EXPECT_FALSE(tries[0].stopped);
  const Try& best = tries[best_try(tries)];
  EXPECT_NEAR(hill_.point(best.settings)[0], 0.3, 0.02);
  EXPECT_FALSE(best.stopped);
  EXPECT_LT(rounds_, 40 * 18 * 7 / 10);  // all whole: 40 * 18
  const auto stopped =
      std::count_if(tries.begin(), tries.end(), [](const Try& one) { return one.stopped; });
  EXPECT_GT(stopped, 15);
}

TEST_F(TriesTest, NothingIsTriedTwiceAndASmallSpaceEnds) {
  const SearchSpace coin = *SearchSpace::make("coin", list_knobs<CoinConfig>(), {});
  TryJournal journal = open();
  const ScoreTry score = [](const std::vector<std::string>&, const Rung&) {
    return RungScore{0, 9, 1, {}};
  };
  ASSERT_TRUE(make_tries({coin, {}, {40, 0}, "m", 9}, score, journal, clock_, run_).ok());
  EXPECT_EQ(journal.tries().size(), 2u);
  EXPECT_EQ(best_try(journal.tries()), 0u);  // the first of equals
}

TEST_F(TriesTest, AStoppedSearchGoesOnAsIfItHadNotStopped) {
  TryJournal whole = open("whole"), parts = open("parts");
  ASSERT_TRUE(make(whole, 25, hill_score()).ok());
  ASSERT_TRUE(make(parts, 7, hill_score()).ok());
  { const TryJournal closed = std::move(parts); }
  TryJournal again = open("parts");
  EXPECT_EQ(again.tries().size(), 7u);
  ASSERT_TRUE(make(again, 25, hill_score()).ok());
  for (std::size_t i = 0; i < 25; ++i)
    EXPECT_EQ(to_text(to_json(again.tries()[i])), to_text(to_json(whole.tries()[i])));
}

TEST_F(TriesTest, FailuresAreKeptAndSurvived) {
  TryJournal journal = open();
  int calls = 0;
  const ScoreTry score = [&](const std::vector<std::string>& settings,
                             const Rung& rung) -> Result<RungScore> {
    if (++calls % 7 == 0) return exhausted("out of memory");
    return hill(settings, rung);
  };
  ASSERT_TRUE(make(journal, 20, score).ok());
  const auto failed = std::count_if(journal.tries().begin(), journal.tries().end(),
                                    [](const Try& one) { return one.failed(); });
  EXPECT_GE(failed, 2);
  EXPECT_FALSE(journal.tries()[best_try(journal.tries())].failed());
}

TEST_F(TriesTest, FailingDefaultsAndStopsEndTheSearch) {
  TryJournal journal = open();
  const ScoreTry broken = [](const std::vector<std::string>&, const Rung&) -> Result<RungScore> {
    return data_invalid("no users");
  };
  EXPECT_EQ(make(journal, 5, broken).message(), "no users");
  const ScoreTry stopping = [this](const std::vector<std::string>& settings, const Rung& rung) {
    run_.stop = true;
    return hill(settings, rung);
  };
  EXPECT_EQ(make(journal, 5, stopping).kind(), StatusKind::kInterrupted);
  EXPECT_EQ(journal.tries().size(), 1u);
}

TEST_F(TriesTest, NoTryBeginsAfterTheTime) {
  TryJournal journal = open();
  const ScoreTry slow = [this](const std::vector<std::string>& settings, const Rung& rung) {
    clock_.time_ns += 10'000'000'000;
    return hill(settings, rung);
  };
  ASSERT_TRUE(make_tries({hill_, {}, {1000, 100}, "m", kUsers}, slow, journal, clock_, run_).ok());
  EXPECT_LE(journal.tries().size(), 10u);
  EXPECT_GE(journal.tries().size(), 4u);
}

}  // namespace
}  // namespace crossfade
