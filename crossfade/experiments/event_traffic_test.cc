// Our own event log as traffic: plays, the answers behind them, and what is lost on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/file.h"
#include "crossfade/events/event_log.h"
#include "crossfade/experiments/event_record.h"
#include "crossfade/experiments/sessions.h"
#include "crossfade/experiments/test_traffic.h"
#include "crossfade/experiments/traffic_reader.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kMs = 1'000'000;

Event play(std::int64_t user, std::int64_t track, double share, std::int64_t at_ms,
           std::uint8_t kind = kPlayed) {
  return {ExternalId(user), ExternalId(track), "music", at_ms * kMs, share, kind};
}

Answer answer(std::int64_t user, std::int64_t after, std::int64_t track, double propensity) {
  Answer record;
  record.asked = "next";
  record.user = ExternalId(user);
  record.domain = "music";
  record.after = ExternalId(after);
  record.flow = "random";
  record.treatments = {{"HSTU", user % 2 == 0 ? "C" : "T1"}};
  record.shown = {{ExternalId(track), "random", propensity}};
  return record;
}

class EventTrafficTest : public testing::Test {
 protected:
  EventTrafficTest() : path_(testing::TempDir() + "event_traffic_test.log") {
    (void)remove_tree(path_);
  }
  // Two users whose plays and answers are interleaved as a server writes them.
  void write_two_users() {
    EventLog log = *EventLog::open(path_);
    ASSERT_TRUE(log.append(play(1, 10, 1, 100)).ok());
    ASSERT_TRUE(log.append(play(2, 20, 1, 101)).ok());
    log.note(answer(1, 10, 11, 0.25));
    log.note(answer(2, 20, 21, 0.5));
    ASSERT_TRUE(log.append(play(1, 11, 0.5, 200, kPlayedLast)).ok());
    ASSERT_TRUE(log.append(play(2, 21, 0.25, 201)).ok());
    log.note(answer(2, 21, 22, 0.125));
    ASSERT_TRUE(log.append(play(2, 22, 0.75, 300, kPlayedLast)).ok());
  }

  std::string path_;
  TestContext world_;
};

TEST_F(EventTrafficTest, PlaysAndAnswersBecomeLines) {
  write_two_users();
  const auto traffic = read_traffic({path_}, world_.context);
  ASSERT_TRUE(traffic.ok()) << traffic.status().message();
  const TrafficLog& log = traffic->log;
  EXPECT_THAT(log.users, ElementsAre(0, 1, 0, 1, 1));
  EXPECT_THAT(log.times_ns, ElementsAre(100 * kMs, 101 * kMs, 200 * kMs, 201 * kMs, 300 * kMs));
  EXPECT_THAT(log.is_last, ElementsAre(0, 0, 1, 0, 1));
  EXPECT_THAT(log.tracks, ElementsAre(10, 20, 11, 21, 22));
  EXPECT_THAT(log.shares, ElementsAre(1, 1, 0.5, 0.25, 0.75));
  EXPECT_THAT(log.recommendations, ElementsAre(11, 21, kNoTrack, 22, kNoTrack));
  EXPECT_EQ(log.propensities[0], 0.25);
  EXPECT_EQ(log.propensities[3], 0.125);
  EXPECT_TRUE(std::isnan(log.propensities[2]));
  ASSERT_EQ(log.experiments.size(), 1u);
  EXPECT_THAT(log.experiments[0].treatments, ElementsAre(1, 0, kNoTreatment, 0, kNoTreatment));
  EXPECT_EQ(traffic->report.kept, 8);
  EXPECT_EQ(traffic->report.damaged, 0);
  const SessionList sessions = cut_sessions(log, world_.context.threads);
  EXPECT_THAT(sessions.times, ElementsAre(1.5, 2.0));
  EXPECT_EQ(sessions.report.broken_steps, 0);
}

TEST_F(EventTrafficTest, DamageIsCountedAndTheRestKept) {
  write_two_users();
  std::string text = *read_file(path_);
  text[text.find("\"item\": 11") + 9] = '9';  // in an answer; its checksum no longer fits
  text += "0123456789abcdef {\"user\": 1, \"it";
  ASSERT_TRUE(write_file(path_, text).ok());
  const auto traffic = read_traffic({path_}, world_.context);
  ASSERT_TRUE(traffic.ok());
  EXPECT_EQ(traffic->report.damaged, 1);
  EXPECT_EQ(traffic->report.torn, 1);
  EXPECT_THAT(traffic->report.first_damaged, HasSubstr("checksum does not fit"));
  EXPECT_EQ(traffic->log.size(), 5);
  EXPECT_EQ(traffic->report.kept, 7);
  EXPECT_THAT(traffic->log.recommendations, ElementsAre(kNoTrack, 21, kNoTrack, 22, kNoTrack));
}

// Two plays within a millisecond are two; the same file given twice is one.
TEST_F(EventTrafficTest, PlaysWithinAMillisecondAreNoDuplicates) {
  {
    EventLog log = *EventLog::open(path_);
    Event event = play(1, 10, 0, 100);
    ASSERT_TRUE(log.append(event).ok());
    event.time_ns += 7;
    ASSERT_TRUE(log.append(event).ok());
    ASSERT_TRUE(log.append(play(1, 10, 0, 101, kPlayedLast)).ok());
  }
  const auto once = read_traffic({path_}, world_.context);
  EXPECT_THAT(cut_sessions(once->log, world_.context.threads).tracks, ElementsAre(3));
  const auto twice = read_traffic({path_, path_}, world_.context);
  const SessionList sessions = cut_sessions(twice->log, world_.context.threads);
  EXPECT_THAT(sessions.tracks, ElementsAre(3));
  EXPECT_EQ(sessions.report.duplicates, 3);
  EXPECT_EQ(sessions.report.times_backwards, 0);
}

// A track answered by itself at one time: the chain of one copy is not lengthened by the other.
TEST_F(EventTrafficTest, ALogGivenTwiceCountsOnce) {
  {
    EventLog log = *EventLog::open(path_);
    for (int step = 0; step < 2; ++step) {
      ASSERT_TRUE(log.append(play(1, 5, 1, 100)).ok());
      log.note(answer(1, 5, 5, 0.5));
    }
    ASSERT_TRUE(log.append(play(1, 5, 1, 100, kPlayedLast)).ok());
  }
  const auto twice = read_traffic({path_, path_}, world_.context);
  const SessionList sessions = cut_sessions(twice->log, world_.context.threads);
  EXPECT_THAT(sessions.tracks, ElementsAre(3));
  EXPECT_EQ(sessions.report.duplicates, 3);
}

// An answer to a play that the log does not have belongs to no other play.
TEST_F(EventTrafficTest, AnAnswerWithoutItsPlayIsLeftOut) {
  EventLog log = *EventLog::open(path_);
  log.note(answer(1, 10, 11, 0.25));
  ASSERT_TRUE(log.append(play(1, 12, 1, 100)).ok());
  log.note(answer(1, 10, 11, 0.25));
  ASSERT_TRUE(log.sync().ok());
  const auto traffic = read_traffic({path_}, world_.context);
  ASSERT_TRUE(traffic.ok());
  EXPECT_THAT(traffic->log.recommendations, ElementsAre(kNoTrack));
}

TEST_F(EventTrafficTest, TextItemsBecomeNumbersAndOtherKindsStayOut) {
  EventLog log = *EventLog::open(path_);
  Event event = play(1, 0, 1, 100);
  event.user = ExternalId("ann");
  event.item = ExternalId("song");
  ASSERT_TRUE(log.append(event).ok());
  event.kind = 7;
  ASSERT_TRUE(log.append(event).ok());
  const auto traffic = read_traffic({path_}, world_.context);
  ASSERT_TRUE(traffic.ok());
  EXPECT_EQ(traffic->log.size(), 1);
  EXPECT_EQ(traffic->log.user_ids[0], ExternalId("ann"));
  EXPECT_GE(traffic->log.tracks[0], 0);
}

}  // namespace
}  // namespace crossfade
