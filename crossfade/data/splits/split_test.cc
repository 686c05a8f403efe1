// Splits: planted answers for every rule, and what holds for all of them: disjoint, complete, the
// same indices, the same for any number of threads.
#include "crossfade/data/splits/split.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

Split split_by(const std::string& rule, const Dataset& d, const SplitOptions& options = {}) {
  TestContext run;
  return *split_dataset(d, *parse_split(rule), options, run);
}
std::string error_of(const std::string& rule, const Dataset& d, bool validation = true) {
  TestContext run;
  return split_dataset(d, *parse_split(rule), {1, validation}, run).status().message();
}
std::vector<std::int64_t> times(const Dataset& d, std::size_t domain = 0) {
  const auto& column = d.domains()[domain].time_ns;
  return {column.begin(), column.end()};
}
// One user with an interaction at each of these times, with an item of its own.
Dataset at_times(const std::vector<std::int64_t>& moments) {
  std::vector<TestRow> rows;
  for (const std::int64_t time : moments)
    rows.push_back({1, 100 + static_cast<std::int64_t>(rows.size()), time});
  return make_dataset(rows);
}

TEST(SplitTest, TimeByShare) {
  const Dataset d = at_times({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const Split split = split_by("time:0.8", d);
  // Test: the last 2 of 10. Validation: from the floor(0.8 * 8) = 6th of the rest on.
  EXPECT_THAT(times(split.train), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(times(*split.validation), ElementsAre(7, 8));
  EXPECT_THAT(times(split.test), ElementsAre(9, 10));
}

TEST(SplitTest, WithoutValidationItStaysInTrain) {
  const Split split = split_by("time:0.8", at_times({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), {1, false});
  EXPECT_THAT(times(split.train), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_FALSE(split.validation.has_value());
}

TEST(SplitTest, EqualTimesAreNeverSeparated) {
  const Split split = split_by("time:0.8", at_times({1, 1, 1, 2, 5, 5, 9, 9, 9, 9}));
  EXPECT_THAT(times(split.train), ElementsAre(1, 1, 1, 2));
  EXPECT_THAT(times(*split.validation), ElementsAre(5, 5));
  EXPECT_THAT(times(split.test), ElementsAre(9, 9, 9, 9));
}

TEST(SplitTest, TheShareIsOfAllDomainsTogether) {
  TestContext run;
  const Dataset d = *build_dataset(at_times({1, 2, 3, 4, 5, 6}), "shop",
                                   make_log({{1, 1, 7}, {2, 1, 8}, {2, 2, 9}, {2, 1, 0}}), run);
  const Split split = split_by("time:0.8", d, {1, false});
  EXPECT_THAT(times(split.test, 0), ElementsAre());
  EXPECT_THAT(times(split.test, 1), ElementsAre(8, 9));
  EXPECT_THAT(times(split.train, 1), ElementsAre(7, 0));
}

TEST(SplitTest, TimeByDateCutsAtMidnightAndValidatesAsLongAsItTests) {
  const std::int64_t day = 19'327 * kDayNs;  // 2022-12-01
  const Dataset d =
      at_times({day - 5 * kDayNs, day - kDayNs - 1, day - kDayNs, day - 1, day, day + kDayNs - 1});
  const Split split = split_by("time:2022-12-01", d);
  EXPECT_THAT(times(split.train), ElementsAre(day - 5 * kDayNs, day - kDayNs - 1));
  EXPECT_THAT(times(*split.validation), ElementsAre(day - kDayNs, day - 1));
  EXPECT_THAT(times(split.test), ElementsAre(day, day + kDayNs - 1));
}

TEST(SplitTest, ExtremeTimesDoNotOverflow) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  const Split split = split_by("time:1905-01-01", at_times({low, high}), {1, false});
  EXPECT_THAT(times(split.train), ElementsAre(low));
  EXPECT_THAT(error_of("time:1905-01-01", at_times({low, high})), HasSubstr("none to train on"));
}

TEST(SplitTest, LastOfEveryUserInEveryDomain) {
  TestContext run;
  const Dataset music =
      make_dataset({{1, 10, 3}, {1, 11, 1}, {1, 12, 2}, {2, 10, 1}, {3, 10, 5}, {3, 11, 5}});
  const Dataset d = *build_dataset(music, "shop", make_log({{1, 5, 9}, {1, 6, 8}}), run);
  const Split split = split_by("last:1", d);
  // User 1: 1 | 2 | 3. User 2 has one interaction: train. User 3 has two: no validation, and of
  // equal times the later in the log is the last.
  EXPECT_THAT(times(split.train), ElementsAre(1, 1, 5));
  EXPECT_THAT(times(*split.validation), ElementsAre(2));
  EXPECT_THAT(times(split.test), ElementsAre(3, 5));
  EXPECT_THAT(split.test.domains()[0].history(2).items, ElementsAre(1));
  EXPECT_THAT(times(split.train, 1), ElementsAre(8));
  EXPECT_THAT(times(split.test, 1), ElementsAre(9));
}

TEST(SplitTest, LastWithoutTimesGoesByTheLogAndSaysSo) {
  struct Listening : Progress {
    void begin(const std::string&, std::int64_t, const std::string&) override {}
    void advance(std::int64_t) override {}
    void end(const std::string&) override {}
    void say(const std::string& sentence) override { said += sentence; }
    std::string said;
  };
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}, {1, 12, 0}, {1, 11, 0}});
  log.time_ns.clear();
  const Dataset d = *build_dataset(Dataset(), "music", log, run);
  Listening progress;
  Context context{run.threads, progress, run.stop};
  const Split split = *split_dataset(d, *parse_split("last:1"), {}, context);
  EXPECT_EQ(split.test.domains()[0].items.id_text(split.test.domains()[0].item[0]), "11");
  EXPECT_THAT(progress.said, HasSubstr("domain 'music' has no times"));
}

TEST(SplitTest, RatioDrawsTheShareOfEveryUser) {
  std::vector<TestRow> rows;
  const std::vector<std::int64_t> sizes{1, 4, 5, 20};
  for (std::size_t user = 0; user < sizes.size(); ++user)
    for (std::int64_t i = 0; i < sizes[user]; ++i)
      rows.push_back({static_cast<std::int64_t>(user), i, i});
  const Dataset d = make_dataset(rows);
  const Split split = split_by("ratio:0.8", d);
  // floor(0.2 m) of m are test, then floor(0.2 r) of the remaining r are validation.
  EXPECT_THAT(split.test.domains()[0].offsets, ElementsAre(0, 0, 0, 1, 5));
  EXPECT_THAT(split.validation->domains()[0].offsets, ElementsAre(0, 0, 0, 0, 3));
  EXPECT_THAT(split.train.domains()[0].offsets, ElementsAre(0, 1, 5, 9, 22));
}

TEST(SplitTest, RatioIsUniformAndFollowsTheSeed) {
  std::vector<TestRow> rows;
  for (std::int64_t user = 0; user < 4000; ++user)
    for (std::int64_t i = 0; i < 5; ++i) rows.push_back({user, i, i});
  const Dataset d = make_dataset(rows);
  const Split split = split_by("ratio:0.8", d, {7, false});
  std::vector<int> counts(5);
  for (const std::int64_t time : times(split.test)) ++counts[static_cast<std::size_t>(time)];
  for (const int count : counts) EXPECT_NEAR(count, 800, 5 * 26);  // 5 standard deviations
  EXPECT_EQ(split_by("ratio:0.8", d, {7, false}).test.fingerprint(), split.test.fingerprint());
  EXPECT_NE(split_by("ratio:0.8", d, {8, false}).test.fingerprint(), split.test.fingerprint());
}

TEST(SplitTest, PartsAreDisjointCompleteAndTheSameForAnyNumberOfThreads) {
  TestContext one(1);
  Dataset d = *build_dataset(Dataset(), "music", random_log(5000, 1), one);
  d = *build_dataset(d, "shop", random_log(5000, 2), one);
  for (const char* rule : {"time:0.7", "last:2", "ratio:0.7"}) {
    const Split split = *split_dataset(d, *parse_split(rule), {3, true}, one);
    for (std::size_t domain = 0; domain < 2; ++domain) {
      std::vector<std::int64_t> parts;  // sessions are distinct enough to name the rows
      for (const Dataset* part : {&split.train, &*split.validation, &split.test}) {
        EXPECT_TRUE(part->check().ok()) << rule;
        EXPECT_EQ(part->users().numbers().data(), d.users().numbers().data());
        const auto& sessions = part->domains()[domain].session;
        parts.insert(parts.end(), sessions.begin(), sessions.end());
      }
      std::vector<std::int64_t> whole(d.domains()[domain].session.begin(),
                                      d.domains()[domain].session.end());
      std::sort(parts.begin(), parts.end());
      std::sort(whole.begin(), whole.end());
      EXPECT_EQ(parts, whole) << rule;
    }
    TestContext many(5);
    const Split again = *split_dataset(d, *parse_split(rule), {3, true}, many);
    EXPECT_EQ(again.test.fingerprint(), split.test.fingerprint());
    EXPECT_EQ(again.train.fingerprint(), split.train.fingerprint());
  }
}

TEST(SplitTest, PartsWithoutInteractionsAreRefused) {
  EXPECT_THAT(error_of("last:1", at_times({1})), HasSubstr("last:1 of 1 interactions leaves none "
                                                           "to test on"));
  EXPECT_THAT(error_of("last:1", at_times({1, 2})), HasSubstr("none for validation"));
  EXPECT_EQ(error_of("last:1", at_times({1, 2}), false), "");
  EXPECT_THAT(error_of("time:0.5", at_times({4, 4, 4})), HasSubstr("none to train on"));
  EXPECT_THAT(error_of("time:0.5", at_times({})), HasSubstr("none to test on"));
}

TEST(SplitTest, TimeNeedsTimes) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}});
  log.time_ns.clear();
  const Dataset d = *build_dataset(Dataset(), "music", log, run);
  EXPECT_THAT(error_of("time:0.9", d), HasSubstr("domain 'music' has no times"));
  EXPECT_THAT(error_of("time:0.9", d), HasSubstr("use last:1 or ratio:0.8"));
}

TEST(SplitTest, RulesThatDoNotParseShowHowToWriteThem) {
  const auto message = [](const char* text) {
    const Status status = parse_split(text).status();
    EXPECT_EQ(status.kind(), StatusKind::kUsage) << text;
    return status.message();
  };
  EXPECT_THAT(message("last"), HasSubstr("write for example time:0.9, last:1, ratio:0.8"));
  EXPECT_THAT(message("lst:1"), HasSubstr("last"));
  for (const char* text : {"time:", "time:0", "time:1", "time:nan", "time:2022-13-01",
                           "time:2022-02-30", "time:1022-01-01", "time:2022-1-1"})
    EXPECT_THAT(message(text), HasSubstr("between 0 and 1 (time:0.9)")) << text;
  for (const char* text : {"last:", "last:0", "last:-1", "last:1.5", "last:x"})
    EXPECT_THAT(message(text), HasSubstr("how many interactions per user")) << text;
  for (const char* text : {"ratio:", "ratio:0", "ratio:1", "ratio:2", "ratio:x"})
    EXPECT_THAT(message(text), HasSubstr("(ratio:0.8)")) << text;
  EXPECT_EQ(parse_split("time:0.9")->text, "time:0.9");
  EXPECT_THAT(describe_splits(), HasSubstr("last:1"));
}

TEST(SplitTest, StopsWhenAsked) {
  TestContext run;
  run.stop = true;
  for (const char* rule : {"time:0.5", "last:1", "ratio:0.5"})
    EXPECT_EQ(split_dataset(at_times({1, 2, 3, 4}), *parse_split(rule), {}, run).status().kind(),
              StatusKind::kInterrupted);
}

}  // namespace
}  // namespace crossfade
