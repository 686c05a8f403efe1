// What is learned from and what is held back, worked out by hand; packed rows and masks.
#include "crossfade/neural/sequences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "crossfade/data/test_log.h"
#include "crossfade/neural/packed.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// User 0 has five items at times 1 to 5, user 1 three at 3 to 5, user 2 one, user 3 two and a row
// of weight 0 between them.
Dataset log() {
  return make_dataset({{0, 10, 1},
                       {0, 11, 2},
                       {0, 12, 3},
                       {0, 13, 4},
                       {0, 14, 5},
                       {1, 11, 3},
                       {1, 12, 4},
                       {1, 10, 5},
                       {2, 13, 1},
                       {3, 10, 1},
                       {3, 14, 2, 0},
                       {3, 11, 3}});
}

TrainingSequences cut(const std::string& validation, std::int64_t longest = 100,
                      const std::vector<std::string>& settings = {}) {
  SequenceTraining config;
  EXPECT_TRUE(apply_settings(config, "sasrec", settings).ok());
  config.training.validation = validation;
  const Dataset dataset = log();
  auto made = make_sequences(dataset.domains()[0], config, longest, 1);
  EXPECT_TRUE(made.ok()) << made.status().message();
  return *made;
}

std::vector<std::pair<std::int64_t, std::int64_t>> places(const std::vector<Window>& windows) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const Window& window : windows) pairs.emplace_back(window.begin, window.end);
  return pairs;
}

using Pair = std::pair<std::int64_t, std::int64_t>;

TEST(Sequences, HoldBackTheLastItem) {
  const TrainingSequences made = cut("last");
  EXPECT_EQ(made.items.size(), 11);  // the row of weight 0 does not count
  EXPECT_THAT(places(made.windows), ElementsAre(Pair(0, 4), Pair(5, 7), Pair(9, 11)));
  ASSERT_EQ(made.held_out.size(), 2);  // user 3 would have one item left
  EXPECT_EQ(made.held_out[0].history.end, 4);
  EXPECT_EQ(made.held_out[0].target, made.items[4]);
  EXPECT_EQ(made.users_learned, 3);
  EXPECT_EQ(made.too_short, 1);
}

TEST(Sequences, HoldBackWhatComesAfterADate) {
  // Of eleven times the upper three are 5, 5 and 4.
  const TrainingSequences made = cut("time", 100, {"validation_share=0.25"});
  EXPECT_THAT(places(made.windows), ElementsAre(Pair(0, 3), Pair(9, 11)));
  ASSERT_EQ(made.held_out.size(), 2);
  EXPECT_EQ(made.held_out[1].history.begin, 5);
  EXPECT_EQ(made.held_out[1].history.end, 7);
}

TEST(Sequences, HoldBackNothing) {
  EXPECT_THAT(places(cut("none").windows), ElementsAre(Pair(0, 5), Pair(5, 8), Pair(9, 11)));
}

TEST(Sequences, CutLongHistories) {
  EXPECT_THAT(places(cut("none", 2).windows), ElementsAre(Pair(3, 5), Pair(6, 8), Pair(9, 11)));
  EXPECT_THAT(places(cut("none", 2, {"windows=all"}).windows),
              ElementsAre(Pair(3, 5), Pair(1, 3), Pair(6, 8), Pair(9, 11)));
  EXPECT_THAT(places(cut("none", 100, {"min_length=3"}).windows),
              ElementsAre(Pair(0, 5), Pair(5, 8)));
}

TEST(Sequences, JudgeByASampleOfUsers) {
  const TrainingSequences made = cut("last", 100, {"validation_users=1"});
  ASSERT_EQ(made.held_out.size(), 1);
  std::int64_t learned = 0;
  for (const Window& window : made.windows) {
    learned += window.size();
    const Window& asked = made.held_out[0].history;
    EXPECT_TRUE(window.begin != asked.begin || window.end == asked.end);
  }
  EXPECT_EQ(learned, 5 + 3 + 2 - 1);  // the last items of all others are learned from
}

// One user: sessions 7, 8 (of which one row counts), 9 with a skip first, and another whose last
// item begins a session. By pauses: times are in minutes.
Dataset log_of_sessions(bool numbered) {
  constexpr std::int64_t kMinute = 60'000'000'000;
  std::vector<TestRow> rows = {{0, 10, 0},      {0, 11, 1},      {0, 12, 2},   {0, 13, 100},
                               {0, 14, 101, 0}, {0, 10, 200, 0}, {0, 11, 201}, {0, 12, 202},
                               {0, 13, 203},    {1, 10, 0},      {1, 11, 1},   {1, 12, 100}};
  for (TestRow& row : rows) row.time_ns *= kMinute;
  LogColumns log = make_log(rows);
  if (numbered) {
    log.sessions = {7, 7, 7, 8, 8, 9, 9, 9, 9, 5, 5, 6};
    for (std::size_t i = 0; i < rows.size(); ++i) log.time_ns[i] = static_cast<std::int64_t>(i);
  }
  TestContext run;
  return *build_dataset(Dataset(), "music", log, run);
}

TEST(Sequences, ReadSessionsByTheirNumbersOrByPauses) {
  SequenceTraining config;
  config.network.reads = "session";
  for (const bool numbered : {true, false}) {
    const Dataset dataset = log_of_sessions(numbered);
    config.training.validation = "none";
    auto made = make_sequences(dataset.domains()[0], config, 100, 1);
    ASSERT_TRUE(made.ok()) << made.status().message();
    // Of the seven rows of user 0 that count the fourth is a session of its own: too short.
    EXPECT_THAT(places(made->windows), ElementsAre(Pair(0, 3), Pair(4, 7), Pair(7, 9)));
    config.training.validation = "last";
    made = make_sequences(dataset.domains()[0], config, 100, 1);
    ASSERT_TRUE(made.ok()) << made.status().message();
    EXPECT_THAT(places(made->windows), ElementsAre(Pair(0, 3), Pair(4, 6), Pair(7, 9)));
    ASSERT_EQ(made->held_out.size(), 1);  // the last item of user 1 has nothing before it
    EXPECT_EQ(made->held_out[0].first, 0);
    EXPECT_EQ(made->held_out[0].history.begin, 4);
    EXPECT_EQ(made->held_out[0].history.end, 6);
    EXPECT_EQ(made->held_out[0].target, made->items[6]);
    // A session longer than a window: its newest items, or all in several windows.
    config.training.validation = "none";
    made = make_sequences(dataset.domains()[0], config, 2, 1);
    EXPECT_THAT(places(made->windows), ElementsAre(Pair(1, 3), Pair(5, 7), Pair(7, 9)));
  }
  config.network.gap_minutes = 0;  // then a log without numbers is one session per user
  const Dataset dataset = log_of_sessions(false);
  const auto made = make_sequences(dataset.domains()[0], config, 100, 1);
  EXPECT_THAT(places(made->windows), ElementsAre(Pair(0, 7), Pair(7, 10)));
}

TEST(Sequences, SayWhatCannotBeLearnedFrom) {
  SequenceTraining config;
  const auto error = [&](const Dataset& dataset) {
    return make_sequences(dataset.domains()[0], config, 100, 1).status();
  };
  const Status short_log = error(make_dataset({{0, 1, 1}, {1, 2, 1}}));
  EXPECT_EQ(short_log.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(short_log.message(), HasSubstr("at least 2 items to learn from besides"));
  EXPECT_THAT(error(make_dataset({{0, 1, 1}, {0, 2, 1}})).message(),
              HasSubstr("no user of domain music is left to validate by"));
  EXPECT_THAT(error(make_dataset({{0, 1, 1, 0}, {0, 2, 1, 0}})).message(),
              HasSubstr("no interaction of positive weight"));
  config.training.validation = "time";
  TestContext run;
  LogColumns timeless = make_log({{0, 1, 0}, {0, 2, 0}, {0, 3, 0}});
  timeless.time_ns.clear();
  EXPECT_THAT(error(*build_dataset(Dataset(), "music", timeless, run)).message(),
              HasSubstr("has no times"));
  config.training.validation = "last";
  config.network.reads = "session";
  EXPECT_THAT(error(*build_dataset(Dataset(), "music", timeless, run)).message(),
              HasSubstr("has neither sessions nor times"));
  const std::int64_t hour_ns = 3'600'000'000'000;
  EXPECT_THAT(error(make_dataset({{0, 1, 0}, {0, 2, hour_ns}, {0, 3, 2 * hour_ns}})).message(),
              HasSubstr("no session of domain music has at least 2 items to learn from; take"));
}

const std::vector<ItemIndex> kItems = {5, 6, 7, 8, 9, 1, 2, 3};

TEST(Packed, AsksEveryRowForTheNextItem) {
  const std::vector<Window> windows = {{5, 8}, {0, 5}};
  const auto sorted = longest_first(windows);
  const Packed packed = pack(kItems, sorted, {true, 3});
  EXPECT_THAT(packed.items, ElementsAre(6, 7, 8, 1, 2));  // the longer window lost its oldest
  EXPECT_THAT(packed.targets, ElementsAre(7, 8, 9, 2, 3));
  EXPECT_THAT(packed.positions, ElementsAre(0, 1, 2, 0, 1));
  EXPECT_THAT(packed.scored, ElementsAre(0, 1, 2, 3, 4));
  ASSERT_EQ(packed.runs.size(), 2);
  EXPECT_EQ(packed.runs[0].length, 3);
}

TEST(Packed, PutsEqualLengthsTogether) {
  const std::vector<Window> windows = {{0, 3}, {3, 6}, {6, 8}};
  const Packed packed = pack(kItems, windows, {true, 10});
  ASSERT_EQ(packed.runs.size(), 2);
  EXPECT_EQ(packed.runs[0].count, 2);
  EXPECT_EQ(packed.runs[0].length, 2);
}

TEST(Packed, MasksAndAsksForWhatIsMasked) {
  const std::vector<Window> windows = {{0, 8}};
  std::set<std::int64_t> asked;
  std::size_t masked = 0, last_only = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Packed packed = pack(kItems, windows, {false, 8, 0.4, 99, seed});
    ASSERT_EQ(packed.rows(), 8);
    ASSERT_FALSE(packed.scored.empty());
    for (std::size_t i = 0; i < packed.scored.size(); ++i) {
      const auto row = static_cast<std::size_t>(packed.scored[i]);
      EXPECT_EQ(packed.items[row], 99);
      EXPECT_EQ(packed.targets[i], kItems[row]);
      asked.insert(packed.scored[i]);
    }
    masked += static_cast<std::size_t>(std::count(packed.items.begin(), packed.items.end(), 99));
    last_only += packed.scored == std::vector<std::int64_t>{7} ? 1 : 0;
    EXPECT_EQ(pack(kItems, windows, {false, 8, 0.4, 99, seed}).items, packed.items);
  }
  EXPECT_EQ(asked.size(), 8);
  EXPECT_GT(masked, 400 * 2);
  EXPECT_LT(masked, 400 * 4);
  EXPECT_GT(last_only, 80);  // one of 0.4 * 8 windows
  EXPECT_LT(last_only, 180);
}

TEST(Packed, AsksTheLastRowOfAHistory) {
  const std::vector<Window> histories = {{0, 3}, {5, 7}};
  EXPECT_THAT(pack_histories(kItems, histories, {true, 10}).scored, ElementsAre(2, 4));
  const Packed masked = pack_histories(kItems, histories, {false, 10, 0, 99});
  EXPECT_THAT(masked.items, ElementsAre(5, 6, 7, 99, 1, 2, 99));
  EXPECT_THAT(masked.scored, ElementsAre(3, 6));
}

TEST(Packed, CutsByRows) {
  const std::vector<Window> windows = {{0, 5}, {0, 3}, {0, 3}, {0, 1}};
  const auto parts = cut_by_rows(windows, 6);
  ASSERT_EQ(parts.size(), 3);
  EXPECT_EQ(parts[0].size(), 1);
  EXPECT_EQ(parts[1].size(), 2);
  EXPECT_EQ(cut_by_rows(windows, 1).size(), 4);
}

}  // namespace
}  // namespace crossfade
