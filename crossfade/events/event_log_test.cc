// The log after every kind of end: closed, crashed, damaged, full, foreign.
#include "crossfade/events/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <set>
#include <thread>
#include <vector>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

Event event(std::int64_t user, std::int64_t item) {
  return {ExternalId(user), ExternalId(item), "", item * 10, 1, 0};
}

class EventLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "event_log_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  void write(std::int64_t count) {
    EventLog log = *EventLog::open(path_);
    (void)log.replay([](const Event&) {});
    for (std::int64_t i = 0; i < count; ++i) ASSERT_TRUE(log.append(event(i, i + 100)).ok());
  }
  // Users of the events in the log, and what was recovered.
  EventLog::Recovery read(std::vector<std::int64_t>& users) {
    users.clear();
    EventLog log = *EventLog::open(path_);
    return log.replay(
        [&](const Event& found) { users.push_back(std::get<std::int64_t>(found.user)); });
  }
  std::string path_;
  std::vector<std::int64_t> users_;
};

TEST_F(EventLogTest, ReplaysWhatWasAppendedInOrder) {
  write(3);
  write(2);
  const auto recovery = read(users_);
  EXPECT_THAT(users_, testing::ElementsAre(0, 1, 2, 0, 1));
  EXPECT_EQ(recovery.events, 5);
  EXPECT_TRUE(recovery.clean());
  EXPECT_EQ(recovery.sentence(), "5 events");
}

TEST_F(EventLogTest, ALineIsChecksumAndJson) {
  write(1);
  EXPECT_THAT(*read_file(path_), testing::MatchesRegex("crossfade-events 1\n[0-9a-f]{16} "
                                                       "\\{\"user\": 0, \"item\": 100, .*\\}\n"));
}

Answer answer(std::int64_t user) {
  return {"next",           ExternalId(user),
          "music",          5,
          ExternalId(10),   "i2i",
          {{"HSTU", "T1"}}, {{ExternalId(17), "i2i", 0.5}}};
}

TEST_F(EventLogTest, AnswersAreKeptBesideEventsAndPassedOverByReplay) {
  {
    EventLog log = *EventLog::open(path_);
    ASSERT_TRUE(log.append(event(1, 2)).ok());
    log.note(answer(1));
    EXPECT_EQ(read_file(path_)->find("asked"), std::string::npos) << "it waits for a write";
    ASSERT_TRUE(log.append(event(3, 4)).ok());
    EXPECT_NE(read_file(path_)->find("asked"), std::string::npos);
    log.note(answer(3));
  }
  EXPECT_THAT(read(users_).sentence(), HasSubstr("2 events, 2 answers"));
  EXPECT_THAT(users_, testing::ElementsAre(1, 3));
  EventLog log = *EventLog::open(path_);
  std::vector<Answer> answers;
  const auto recovery =
      log.replay([](const Event&) {}, [&](const Answer& one) { answers.push_back(one); });
  EXPECT_TRUE(recovery.clean());
  EXPECT_THAT(answers, testing::ElementsAre(answer(1), answer(3)));
  EXPECT_EQ(log.num_events(), 2);
}

TEST_F(EventLogTest, SyncWritesTheAnswersThatWait) {
  EventLog log = *EventLog::open(path_);
  log.note(answer(1));
  ASSERT_TRUE(log.sync().ok());
  EXPECT_NE(read_file(path_)->find("asked"), std::string::npos);
  EventLog memory = EventLog::without_file();
  memory.note(answer(1));
  EXPECT_TRUE(memory.sync().ok());
}

TEST_F(EventLogTest, EveryTornEndIsCutOffAndTheLogGoesOn) {
  write(2);
  const std::string whole = *read_file(path_);
  const std::size_t second = whole.find('\n', whole.find('\n') + 1) + 1;
  for (std::size_t size = second + 1; size < whole.size(); ++size) {
    ASSERT_TRUE(write_file(path_, whole.substr(0, size)).ok());
    const auto recovery = read(users_);
    EXPECT_THAT(users_, testing::ElementsAre(0)) << size;
    EXPECT_EQ(recovery.cut_bytes, static_cast<std::int64_t>(size - second));
    EXPECT_EQ(read_file(path_)->size(), second);
  }
  EXPECT_THAT(read(users_).sentence(), HasSubstr("1 events"));
  write(1);
  EXPECT_TRUE(read(users_).clean());
  EXPECT_THAT(users_, testing::ElementsAre(0, 0));
}

TEST_F(EventLogTest, ATornHeaderIsWrittenAgain) {
  ASSERT_TRUE(write_file(path_, "crossfade-ev").ok());
  write(1);
  EXPECT_TRUE(read(users_).clean());
  EXPECT_EQ(users_.size(), 1u);
}

TEST_F(EventLogTest, EveryFlippedByteIsFoundAndCostsAtMostItsNeighbour) {
  write(3);
  const std::string whole = *read_file(path_);
  const std::size_t first = whole.find('\n') + 1, end = whole.find('\n', first);
  for (std::size_t at = first; at <= end; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_TRUE(write_file(path_, damaged).ok());
    const auto recovery = read(users_);
    EXPECT_GE(recovery.damaged, 1) << "byte " << at;
    EXPECT_EQ(recovery.first_damaged_line, 2);
    EXPECT_EQ(users_.back(), 2);
    EXPECT_EQ(*read_file(path_), damaged) << "the damaged record stays in the file";
    EXPECT_THAT(recovery.sentence(), HasSubstr("the first in line 2"));
  }
}

TEST_F(EventLogTest, AForeignFileIsRefusedAndLeftAlone) {
  ASSERT_TRUE(write_file(path_, "my diary\n").ok());
  const auto log = EventLog::open(path_);
  EXPECT_EQ(log.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(log.status().message(), HasSubstr("is not an event log"));
  EXPECT_EQ(*read_file(path_), "my diary\n");
}

TEST_F(EventLogTest, OpeningFailuresSayWhy) {
  EXPECT_THAT(EventLog::open("/nonexistent/x").status().message(), HasSubstr("/nonexistent/x"));
  EXPECT_THAT(EventLog::open("/dev/full").status().message(), HasSubstr("not a regular file"));
  const EventLog first = *EventLog::open(path_);
  EXPECT_THAT(EventLog::open(path_).status().message(), HasSubstr("in use by another process"));
}

TEST_F(EventLogTest, AFullDiskIsReportedAndTheHalfRecordTakenBack) {
  EventLog log = *EventLog::open(path_);
  ASSERT_TRUE(log.append(event(1, 1)).ok());
  const std::size_t size = read_file(path_)->size();
  // The system writes what fits and then refuses, as on a full disk.
  rlimit old_limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{size + 130, old_limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const std::vector<Event> batch{event(2, 2), event(4, 4)};
  const Status status = log.append(batch);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  std::signal(SIGXFSZ, old_handler);

  EXPECT_THAT(status.message(), HasSubstr("cannot write " + path_));
  EXPECT_EQ(log.num_events(), 1);
  EXPECT_EQ(read_file(path_)->size(), size);
  ASSERT_TRUE(log.append(event(3, 3)).ok());
  ASSERT_TRUE(log.sync().ok());
  log = EventLog::without_file();
  EXPECT_TRUE(read(users_).clean());
  EXPECT_THAT(users_, testing::ElementsAre(1, 3));
}

TEST_F(EventLogTest, BadEventsAreNotWritten) {
  EventLog log = *EventLog::open(path_);
  Event bad = event(1, 1);
  bad.weight = -1;
  EXPECT_EQ(log.append(bad).kind(), StatusKind::kUsage);
  const std::vector<Event> batch{event(1, 1), bad};
  EXPECT_EQ(log.append(batch).kind(), StatusKind::kUsage);
  EXPECT_EQ(log.num_events(), 0);
  ASSERT_TRUE(log.append(std::vector<Event>{event(1, 1), event(2, 2)}).ok());
  EXPECT_EQ(log.num_events(), 2);
}

TEST_F(EventLogTest, ThreadsDoNotMixTheirLines) {
  {
    EventLog log = *EventLog::open(path_);
    std::vector<std::thread> threads;
    for (std::int64_t t = 0; t < 4; ++t)
      threads.emplace_back([&log, t] {
        for (std::int64_t i = 0; i < 200; ++i) EXPECT_TRUE(log.append(event(t * 200 + i, i)).ok());
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(log.num_events(), 800);
  }
  EXPECT_TRUE(read(users_).clean());
  EXPECT_EQ(std::set<std::int64_t>(users_.begin(), users_.end()).size(), 800u);
}

TEST_F(EventLogTest, WithoutAFileEventsCountOnly) {
  EventLog log = EventLog::without_file();
  ASSERT_TRUE(log.append(event(1, 1)).ok());
  EXPECT_TRUE(log.sync().ok());
  EXPECT_EQ(log.num_events(), 1);
  EXPECT_EQ(log.path(), "");
}

}  // namespace
}  // namespace crossfade
