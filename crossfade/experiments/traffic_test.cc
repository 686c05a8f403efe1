// Logs as strangers leave them: the published line, other generations, torn and damaged lines,
// rotation, duplicates, clocks; and the sessions that come of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/base/rng.h"
#include "crossfade/experiments/sessions.h"
#include "crossfade/experiments/test_traffic.h"
#include "crossfade/experiments/traffic_line.h"
#include "crossfade/experiments/traffic_reader.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kPublished =
    R"({"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0, )"
    R"("latency": 0.004278421401977539, "recommendation": 1236, "experiments": {"AA": "C"}})";

class TrafficTest : public testing::Test {
 protected:
  TrafficTest() : folder_(testing::TempDir() + "traffic_test") {
    (void)remove_tree(folder_);
    (void)make_folder(folder_);
  }

  std::string write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(folder_) / name;
    EXPECT_TRUE(make_folder(path.parent_path().string()).ok());
    EXPECT_TRUE(write_file(path.string(), text).ok());
    return path.string();
  }
  Traffic read(const std::string& text) {
    return *read_traffic({write("a/data.json", text)}, world_.context);
  }
  SessionList sessions(const std::string& text) {
    return cut_sessions(read(text).log, world_.context.threads);
  }

  std::string folder_;
  TestContext world_{1};
};

TEST(TrafficLine, ThePublishedFormIsReadWithoutTheStrictParser) {
  TrafficLine line;
  ASSERT_TRUE(read_published_line(kPublished, line));
  EXPECT_FALSE(line.is_last);
  EXPECT_EQ(line.time_ns, 1772867968488 * kNsPerMs);
  EXPECT_EQ(line.user, 1981);
  EXPECT_EQ(line.track, 525);
  EXPECT_EQ(line.share, 1.0);
  EXPECT_EQ(line.latency_s, 0.004278421401977539);
  EXPECT_EQ(line.recommendation, 1236);
  ASSERT_EQ(line.experiments.size(), 1u);
  EXPECT_EQ(line.experiments[0].first, "AA");
  EXPECT_EQ(line.experiments[0].second, 0);
}

TEST(TrafficLine, OurOwnLinesHavePropensities) {
  const std::string whole = kPublished;
  TrafficLine line;
  ASSERT_TRUE(
      read_published_line(whole.substr(0, whole.size() - 1) + ", \"propensity\": 0.25}", line));
  EXPECT_EQ(line.propensity, 0.25);
  ASSERT_TRUE(read_published_line(whole, line));
  EXPECT_TRUE(std::isnan(line.propensity));
}

TEST(TrafficLine, UsersAreUnbounded) {
  std::string text = kPublished;
  text.replace(text.find("1981"), 4, "123456789012345678901234567890");
  TrafficLine line;
  ASSERT_TRUE(read_published_line(text, line));
  EXPECT_EQ(line.text_user, "123456789012345678901234567890");
  ASSERT_TRUE(read_published_line(kPublished, line));
  EXPECT_TRUE(line.text_user.empty());
}

// Whatever the fast form reads, the strict parser reads alike; cut anywhere, neither takes it.
TEST(TrafficLine, BothFormsAgreeOnEveryCut) {
  const std::string whole = kPublished;
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    TrafficLine fast, strict;
    const bool is_read = read_published_line(whole.substr(0, length), fast);
    EXPECT_EQ(is_read, read_any_line(whole.substr(0, length), strict).ok()) << length;
    EXPECT_EQ(is_read, length == whole.size()) << length;
  }
}

// A line with some bytes changed, dropped or doubled: what the fast form takes, the strict one
// takes too, and says the same.
TEST(TrafficLine, BothFormsAgreeOnMutants) {
  const std::string whole = kPublished;
  const std::string bytes = "0123456789.-+eE\"\\,:{} nultrfas\n\x80";
  Rng rng(1);
  int taken = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text = whole;
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      const std::size_t at = rng.below(text.size());
      const std::uint64_t what = rng.below(3);
      if (what == 0) text[at] = bytes[rng.below(bytes.size())];
      if (what == 1) text.erase(at, 1);
      if (what == 2) text.insert(at, 1, bytes[rng.below(bytes.size())]);
    }
    TrafficLine fast, strict;
    if (!read_published_line(text, fast) || !fast.text_user.empty()) continue;
    ++taken;
    ASSERT_TRUE(read_any_line(text, strict).ok()) << text;
    EXPECT_EQ(fast.time_ns, strict.time_ns) << text;
    EXPECT_EQ(fast.user, strict.user) << text;
    EXPECT_EQ(fast.track, strict.track) << text;
    EXPECT_EQ(fast.share, strict.share) << text;
    EXPECT_EQ(fast.latency_s, strict.latency_s) << text;
    EXPECT_EQ(fast.recommendation, strict.recommendation) << text;
    EXPECT_EQ(fast.experiments, strict.experiments) << text;
  }
  EXPECT_GT(taken, 10000);
}

TEST(TrafficLine, OtherGenerationsAreRead) {
  TrafficLine line;
  ASSERT_TRUE(
      read_any_line(R"({"user":"7","time":0.5,"track":3,"message":"last","timestamp":5})", line)
          .ok());
  EXPECT_TRUE(line.is_last);
  EXPECT_EQ(line.user, 7);
  EXPECT_TRUE(line.text_user.empty());
  EXPECT_TRUE(std::isnan(line.latency_s));
  EXPECT_EQ(line.recommendation, kNoTrack);
  EXPECT_TRUE(line.experiments.empty());
  ASSERT_TRUE(read_any_line(R"({"message": "next", "timestamp": 5, "user": "ann", "track": 3,
      "time": 1, "propensity": 0.25, "more": [1], "experiments": {"A\u0041": "T2", "B": "?"}})",
                            line)
                  .ok());
  EXPECT_EQ(line.text_user, "ann");
  EXPECT_EQ(line.propensity, 0.25);
  EXPECT_EQ(line.experiments[0].first, "AA");
  EXPECT_EQ(line.experiments[0].second, 2);
  EXPECT_EQ(line.experiments[1].second, kNoTreatment);
}

TEST(TrafficLine, WhatIsWrongIsNamed) {
  const auto error = [](const char* text) {
    TrafficLine line;
    return read_any_line(text, line).message();
  };
  EXPECT_THAT(error(R"({"message": "skip"})"), HasSubstr("neither next nor last"));
  EXPECT_THAT(error(R"({"message": "next"})"), HasSubstr("timestamp"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 9000000000000000000})"),
              HasSubstr("within 250 years"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 1, "user": null})"), HasSubstr("'user'"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 1, "user": 1, "track": 1, "time": "x"})"),
              HasSubstr("time"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 1, "user": 1, "track": 1, "time": NaN})"),
              HasSubstr("byte"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 1, "user": 1, "track": 1, "time": 1,
      "experiments": []})"),
              HasSubstr("'experiments'"));
  EXPECT_THAT(error(R"({"message": "next", "timestamp": 1, "user": 1, "track": 1, "time": 1,
      "recommendation": "a"})"),
              HasSubstr("'recommendation'"));
}

TEST_F(TrafficTest, TroubleIsCountedAndTheRestIsKept) {
  const std::string good = traffic_line({.user = 1, .time_ms = 1}) + "\n";
  const Traffic traffic =
      read(good + "{\"message\": \"next\", \"tim\n\n" +
           R"({"timestamp": 2, "message": "last", "user": 2, "track": 1, "time": 1.5})" + "\r\n" +
           traffic_line({.user = 3, .time_ms = 3, .treatment = "B7"}) + "\n" +
           std::string(kPublished).substr(0, 70));
  EXPECT_EQ(traffic.report.lines, 5);
  EXPECT_EQ(traffic.report.kept, 3);
  EXPECT_EQ(traffic.report.torn, 1);
  EXPECT_EQ(traffic.report.damaged, 1);
  EXPECT_THAT(traffic.report.first_damaged, HasSubstr("a/data.json, line 2: "));
  EXPECT_EQ(traffic.report.other_forms, 1);
  EXPECT_EQ(traffic.report.unknown_treatments, 1);
  EXPECT_EQ(traffic.report.shares_out_of_range, 1);
  EXPECT_EQ(sentences(traffic.report).size(), 5u);
  EXPECT_THAT(traffic.log.experiments[0].treatments, ElementsAre(0, kNoTreatment, kNoTreatment));
  EXPECT_EQ(to_json(traffic.report)["torn"].number(), 1);
}

TEST_F(TrafficTest, ALastLineWithoutABreakIsWhole) {
  const Traffic traffic = read(kPublished);
  EXPECT_EQ(traffic.report.kept, 1);
  EXPECT_EQ(traffic.report.torn, 0);
  EXPECT_TRUE(sentences(traffic.report).empty());
}

TEST_F(TrafficTest, FoldersHoldContainersAndRotatedParts) {
  for (const char* name : {"r-2/data.json", "r-1/data.json", "r-1/data.json.1", "r-1/data.json.10",
                           "r-1/data.json.2", "r-1/other.json", "r-1/data.json.gz"})
    write(name, kPublished);
  const auto files = find_traffic_files({folder_});
  ASSERT_TRUE(files.ok());
  std::vector<std::string> names;
  for (const std::string& file : *files) names.push_back(file.substr(folder_.size() + 1));
  EXPECT_THAT(names, ElementsAre("r-1/data.json.10", "r-1/data.json.2", "r-1/data.json.1",
                                 "r-1/data.json", "r-2/data.json"));
}

TEST_F(TrafficTest, MistakesAreSentences) {
  const auto error = [&](const std::string& path) {
    return read_traffic({path}, world_.context).status().message();
  };
  EXPECT_THAT(error(folder_ + "/none"), HasSubstr("there is no file or folder"));
  write("empty/readme.txt", "");
  EXPECT_THAT(error(folder_ + "/empty"), HasSubstr("holds no data.json"));
  EXPECT_THAT(error(write("csv/data.json", "user,track\n1,2\n")),
              HasSubstr("has no line of a data log"));
  EXPECT_THAT(error(write("nothing/data.json", "")), HasSubstr("no usable line"));
}

TEST_F(TrafficTest, TooManyExperimentsAreNotRead) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += traffic_line({.user = 1, .time_ms = i, .experiment = "E" + std::to_string(i)}) + "\n";
  const Traffic traffic = read(text);
  EXPECT_EQ(traffic.log.experiments.size(), kMaxLoggedExperiments);
  EXPECT_EQ(traffic.report.unknown_treatments, 100);
}

// A line counts once, however many of its treatments are of no known name.
TEST_F(TrafficTest, UnknownTreatmentsAreCountedByLine) {
  const Traffic traffic =
      read(R"({"message": "last", "timestamp": 1, "user": 1, "track": 1, "time": 1,)"
           R"( "experiments": {"A": "B7", "B": "?", "D": "T1"}})");
  EXPECT_EQ(traffic.report.unknown_treatments, 1);
  EXPECT_THAT(traffic.log.experiments[2].treatments, ElementsAre(1));
}

// The same log, whatever the threads, also where blocks meet (a file of some 9 MiB).
TEST_F(TrafficTest, ThreadsAndBlocksChangeNothing) {
  std::string text;
  for (std::int64_t i = 0; i < 45000; ++i)
    text += traffic_line({.user = i * 7919 % 5000, .time_ms = i, .track = i}) + "\n";
  const std::string path = write("big/data.json", text);
  const Traffic one = *read_traffic({path}, world_.context);
  TestContext three(3);
  const Traffic other = *read_traffic({path}, three.context);
  EXPECT_EQ(one.report.kept, 45000);
  EXPECT_EQ(one.log.users, other.log.users);
  EXPECT_EQ(one.log.user_ids, other.log.user_ids);
  EXPECT_EQ(one.log.tracks, other.log.tracks);
  for (std::size_t i = 0; i < 45000; ++i)
    ASSERT_EQ(one.log.tracks[i], static_cast<std::int64_t>(i));
}

TEST_F(TrafficTest, SessionsAreCutAtLast) {
  const SessionList list = sessions(
      traffic_line({.user = 1, .time_ms = 10, .share = 1, .latency_s = 0.001}) + "\n" +
      traffic_line({.user = 2, .time_ms = 11, .share = 1}) + "\n" +
      traffic_line({.is_last = true, .user = 1, .time_ms = 12, .share = 0.25, .latency_s = 0.003}) +
      "\n" + traffic_line({.user = 1, .time_ms = 20, .share = 1}) + "\n" +
      traffic_line({.is_last = true, .user = 1, .time_ms = 21, .share = 0.5}) + "\n" +
      traffic_line({.user = 1, .time_ms = 30, .share = 1}) + "\n");
  EXPECT_THAT(list.users, ElementsAre(0, 0));
  EXPECT_THAT(list.starts_ms, ElementsAre(10, 20));
  EXPECT_THAT(list.tracks, ElementsAre(2, 2));
  EXPECT_THAT(list.times, ElementsAre(1.25, 1.5));
  EXPECT_DOUBLE_EQ(list.latencies_ms[0], 4);
  EXPECT_EQ(list.report.users, 1);
  EXPECT_EQ(list.report.users_without_session, 1);
  EXPECT_EQ(list.report.unfinished_lines, 2);
}

// Two containers, one of which was collected twice, with clocks that disagree by some seconds.
TEST_F(TrafficTest, DuplicatesAndClocksAreToldOf) {
  const std::string first = traffic_line({.user = 1, .time_ms = 10, .recommendation = 5}) + "\n";
  const std::string last =
      traffic_line({.is_last = true, .user = 1, .time_ms = 20, .track = 5}) + "\n";
  write("r-1/data.json", last + first);
  write("r-2/data.json", last + first);
  const Traffic traffic = *read_traffic({folder_}, world_.context);
  const SessionList list = cut_sessions(traffic.log, world_.context.threads);
  EXPECT_EQ(list.report.duplicates, 2);
  EXPECT_EQ(list.report.times_backwards, 1);
  EXPECT_EQ(list.report.broken_steps, 0);
  EXPECT_EQ(list.report.steps, 1);
  EXPECT_THAT(list.tracks, ElementsAre(2));
  EXPECT_EQ(sentences(list.report).size(), 2u);
}

// A track that recommends itself, twice within a millisecond: what one file says twice happened
// twice, what two files say happened once.
TEST_F(TrafficTest, AContainerCollectedTwiceCountsOnce) {
  const TestLine again{.user = 1, .time_ms = 10, .track = 5, .recommendation = 5};
  const std::string text = traffic_line(again) + "\n" + traffic_line(again) + "\n" +
                           traffic_line({.is_last = true, .user = 1, .time_ms = 10, .track = 5}) +
                           "\n";
  const std::vector<std::string> files = {write("a/data.json", text), write("b/data.json", text)};
  for (const std::size_t copies : {1, 2}) {
    const Traffic traffic =
        *read_traffic({files.begin(), files.begin() + static_cast<int>(copies)}, world_.context);
    const SessionList list = cut_sessions(traffic.log, world_.context.threads);
    EXPECT_THAT(list.tracks, ElementsAre(3));
    EXPECT_EQ(list.report.duplicates, 3 * (static_cast<std::int64_t>(copies) - 1));
    EXPECT_EQ(list.report.times_backwards, 0);
  }
  // Part of it a third time, rotated away.
  write("a/data.json.1", text.substr(0, text.find('\n') + 1));
  const Traffic traffic = *read_traffic({folder_}, world_.context);
  EXPECT_THAT(cut_sessions(traffic.log, world_.context.threads).tracks, ElementsAre(3));
}

// A session of one millisecond, written in any order, and another one right behind it.
TEST_F(TrafficTest, LinesOfOneTimeFollowTheirRecommendations) {
  const std::string steps[] = {
      traffic_line({.user = 1, .time_ms = 10, .track = 3, .recommendation = 5}) + "\n",
      traffic_line({.user = 1, .time_ms = 10, .track = 5, .recommendation = 7}) + "\n",
      traffic_line({.is_last = true, .user = 1, .time_ms = 10, .track = 7}) + "\n"};
  const std::string after =
      traffic_line({.user = 1, .time_ms = 11, .track = 3, .recommendation = 4}) + "\n" +
      traffic_line({.is_last = true, .user = 1, .time_ms = 12, .track = 4}) + "\n";
  for (const auto& order : {std::array{0, 1, 2}, {0, 2, 1}, {2, 0, 1}}) {
    std::string text;
    for (const int step : order) text += steps[step];
    const SessionList list = sessions(text + after);
    EXPECT_THAT(list.tracks, ElementsAre(3, 2));
    EXPECT_EQ(list.report.broken_steps, 0);
  }
}

// Two tracks in turns within a millisecond: the same line comes twice, and both were played.
TEST_F(TrafficTest, TheSameStepMayComeTwiceInAMillisecond) {
  const std::string there =
      traffic_line({.user = 1, .time_ms = 10, .track = 3, .recommendation = 5}) + "\n";
  const std::string back =
      traffic_line({.user = 1, .time_ms = 10, .track = 5, .recommendation = 3}) + "\n";
  const std::string end =
      traffic_line({.is_last = true, .user = 1, .time_ms = 10, .track = 5}) + "\n";
  const SessionList list = sessions(there + back + there + end);
  EXPECT_THAT(list.tracks, ElementsAre(4));
  EXPECT_EQ(list.report.duplicates, 0);
}

// A user with a hundred thousand lines of one time is read, if not understood, and in linear time.
TEST_F(TrafficTest, ManyLinesOfOneTimeAreNoHurdle) {
  std::string text;
  for (int i = 0; i < 100000; ++i)
    text += traffic_line({.user = 1, .time_ms = 10, .track = i}) + "\n";
  text += traffic_line({.is_last = true, .user = 1, .time_ms = 10}) + "\n";
  EXPECT_THAT(sessions(text).tracks, ElementsAre(100001));
}

TEST_F(TrafficTest, StepsThatNobodyRecommendedAreToldOf) {
  const SessionList list =
      sessions(traffic_line({.user = 1, .time_ms = 10, .recommendation = 5}) + "\n" +
               traffic_line({.is_last = true, .user = 1, .time_ms = 20, .track = 6}) + "\n");
  EXPECT_EQ(list.report.broken_steps, 1);
  EXPECT_THAT(sentences(list.report)[0], HasSubstr("another track than the one recommended"));
}

TEST_F(TrafficTest, ExperimentsOfALogAreFoundByName) {
  const Traffic traffic = read(traffic_line({.experiment = "HSTU"}) + "\n");
  EXPECT_EQ(*traffic.log.find_experiment("HSTU"), 0u);
  EXPECT_THAT(traffic.log.find_experiment("HSTV").status().message(), HasSubstr("HSTU"));
  const Traffic none =
      read(R"({"message": "last", "timestamp": 1, "user": 1, "track": 1, "time": 1})");
  EXPECT_THAT(none.log.find_experiment("HSTU").status().message(), HasSubstr("--split"));
}

}  // namespace
}  // namespace crossfade
