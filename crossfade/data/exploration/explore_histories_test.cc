// Gaps, sessions, duplicates and lengths, by hand.
#include "crossfade/data/exploration/explore_histories.h"

#include <gtest/gtest.h>

#include <string>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000, kMinute = 60 * kSecond;

std::int64_t gaps_of(const HistoryExploration& found, const std::string& name) {
  for (std::size_t bin = 0; bin < kGapBins.size(); ++bin)
    if (kGapBins[bin].name == name) return found.gaps[bin];
  ADD_FAILURE() << "no bin " << name;
  return -1;
}

TEST(ExploreHistories, GapsAndSessions) {
  TestContext run;
  const Dataset dataset = make_dataset({{1, 10, 0},
                                        {1, 11, kSecond},
                                        {1, 12, kSecond + 31 * kMinute},
                                        {1, 13, kSecond + 32 * kMinute},
                                        {1, 14, kSecond + 32 * kMinute + 1},
                                        {2, 10, 0}});
  const HistoryExploration found =
      explore_histories(dataset.domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(gaps_of(found, "to 1 s"), 2);  // a second, and a nanosecond
  EXPECT_EQ(gaps_of(found, "to 1 min"), 1);
  EXPECT_EQ(gaps_of(found, "to 1 h"), 1);
  EXPECT_EQ(gaps_of(found, "same moment"), 0);
  EXPECT_EQ(found.sessions.size, 3);
  EXPECT_EQ(found.sessions.greatest, 3);
  EXPECT_EQ(found.user_sessions.greatest, 2);
  EXPECT_EQ(found.users.size, 2);
  EXPECT_EQ(found.users.greatest, 5);
  EXPECT_FALSE(found.sessions_are_given);
  // Another gap cuts otherwise.
  EXPECT_EQ(explore_histories(dataset.domains()[0], 60 * kMinute, run.threads).sessions.size, 2);
}

TEST(ExploreHistories, AnOrderWithinDaysIsNoTime) {
  TestContext run;
  constexpr std::int64_t kDay = 24 * 60 * kMinute;
  const Dataset dataset =
      make_dataset({{1, 10, 900}, {1, 11, 901}, {1, 12, kDay + 902}, {1, 13, 8 * kDay + 5}});
  const HistoryExploration found =
      explore_histories(dataset.domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(gaps_of(found, "same moment"), 1);
  EXPECT_EQ(gaps_of(found, "to 1 day"), 1);
  EXPECT_EQ(gaps_of(found, "to 1 week"), 1);
  EXPECT_EQ(found.gap_seconds.greatest, 7 * 86'400);
  EXPECT_EQ(found.sessions.size, 3);
}

TEST(ExploreHistories, SessionsOfTheLogAreTaken) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}, {1, 11, 1}, {1, 12, 2}, {2, 10, 0}});
  log.sessions = {7, 7, 8, 7};
  log.time_ns.clear();
  const Dataset dataset = *build_dataset(Dataset(), "music", std::move(log), run);
  const HistoryExploration found =
      explore_histories(dataset.domains()[0], kSessionGapNs, run.threads);
  EXPECT_TRUE(found.sessions_are_given);
  EXPECT_EQ(found.sessions.size, 3);
  EXPECT_EQ(found.sessions.greatest, 2);
  EXPECT_EQ(found.duplicates, 0);
}

TEST(ExploreHistories, DuplicatesAreOfOneMoment) {
  TestContext run;
  const Dataset dataset = make_dataset({{1, 10, 5},
                                        {1, 10, 5},  // again
                                        {1, 10, 6},  // later
                                        {2, 7, 1},
                                        {2, 8, 1},
                                        {2, 7, 1},    // again, with another between
                                        {2, 7, 1}});  // and again
  const HistoryExploration found =
      explore_histories(dataset.domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(found.duplicates, 3);
  EXPECT_EQ(gaps_of(found, "same moment"), 4);
}

TEST(ExploreHistories, QuantilesOfGapsAreCloseToExact) {
  TestContext run;
  std::vector<TestRow> rows;
  std::int64_t time = 0;
  for (std::int64_t gap = 0; gap <= 1000; ++gap) {  // seconds: 0, 1, .., 1000
    time += gap * kSecond;
    rows.push_back({1, gap, time});
  }
  const HistoryExploration found =
      explore_histories(make_dataset(rows).domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(found.gap_seconds.size, 1000);
  EXPECT_EQ(found.gap_seconds.least, 1);
  EXPECT_EQ(found.gap_seconds.greatest, 1000);
  EXPECT_EQ(found.gap_seconds.mean(), 500.5);
  EXPECT_EQ(found.gap_seconds.median % 10, 0);  // what lies behind two digits is not known
  EXPECT_NEAR(static_cast<double>(found.gap_seconds.median), 500, 25);
  EXPECT_NEAR(static_cast<double>(found.gap_seconds.q99), 990, 45);
}

TEST(ExploreHistories, LeastGreatestAndMeanAreExact) {
  TestContext run;
  const std::int64_t half = kSecond / 2, long_gap = 123'456'789;
  std::vector<TestRow> rows{{1, 1, 0}, {1, 2, 0}, {1, 3, half}, {1, 4, half + 37 * kSecond + half}};
  rows.push_back({1, 5, rows.back().time_ns + long_gap * kSecond + half});
  const HistoryExploration found =
      explore_histories(make_dataset(rows).domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(gaps_of(found, "same moment"), 1);
  EXPECT_EQ(found.gaps_under_second, 1);
  EXPECT_EQ(found.gap_seconds.size, 2);
  EXPECT_EQ(found.gap_seconds.least, 37);
  EXPECT_EQ(found.gap_seconds.greatest, long_gap);
  EXPECT_EQ(found.gap_seconds.total, 37 + long_gap + 1);
  EXPECT_EQ(found.gap_seconds.q99, 120'000'000);
}

TEST(ExploreHistories, LongSessionsAreCountedWhole) {
  TestContext run;
  std::vector<TestRow> rows;
  for (std::int64_t i = 0; i < 5000; ++i) rows.push_back({1, i, i * kSecond});
  for (std::int64_t i = 0; i < 4500; ++i) rows.push_back({2, i, i * kSecond});
  const HistoryExploration found =
      explore_histories(make_dataset(rows).domains()[0], kSessionGapNs, run.threads);
  EXPECT_EQ(found.sessions.greatest, 5000);
  EXPECT_EQ(found.sessions.total, 9500);
}

}  // namespace
}  // namespace crossfade
