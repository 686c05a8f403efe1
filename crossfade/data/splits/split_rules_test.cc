// The rules beyond time:0.9, last:1 and ratio:0.8: planted answers worked out by hand, and what
// holds for all rules on random logs.
#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "crossfade/data/splits/split.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::Each;
using testing::HasSubstr;

constexpr std::int64_t kDayNs = 86'400'000'000'000;
const char* const kAll[] = {"time:0.7",      "time:1s",        "last:2",        "last:1s",
                            "ratio:0.7",     "ratio:0.7,late", "users:0.2,0.7", "users:40,0.5,late",
                            "new_users:0.2", "session:1",      "session:1,1s",  "random_next:3",
                            "fold:2/5",      "hide:0.2",       "random:0.7"};

// The letters of the parts of one domain, row by row: Train, Validation, tEst, Dropped, Fold-in,
// validation's fold-In.
std::string parts_of(const std::string& rule, const Dataset& d, const SplitOptions& options = {},
                     std::size_t domain = 0) {
  TestContext run;
  std::string letters;
  const RowParts parts = *parse_split(rule)->assign(d, options, run);
  for (const std::uint8_t part : parts[domain]) letters += "TVEDFI"[part];
  return letters;
}
// One user with an interaction at each of these times, with an item of its own.
Dataset at_times(const std::vector<std::int64_t>& moments,
                 std::vector<std::int64_t> sessions = {}) {
  std::vector<TestRow> rows;
  for (const std::int64_t time : moments)
    rows.push_back({1, 100 + static_cast<std::int64_t>(rows.size()), time});
  LogColumns log = make_log(rows);
  log.sessions = std::move(sessions);
  TestContext run;
  return *build_dataset(Dataset(), "music", log, run);
}
// `users` users with `size` interactions each; user u begins at time 100 u.
Dataset equal_users(std::int64_t users, std::int64_t size) {
  std::vector<TestRow> rows;
  for (std::int64_t user = 0; user < users; ++user)
    for (std::int64_t i = 0; i < size; ++i) rows.push_back({user, i, 100 * user + i});
  return make_dataset(rows);
}
std::string error_of(const std::string& rule, const Dataset& d) {
  TestContext run;
  return parse_split(rule)->assign(d, {}, run).status().message();
}
// A random log whose times are seconds apart, so that lengths of time cut it.
LogColumns random_log_of_seconds(std::int64_t rows, std::uint64_t seed) {
  LogColumns log = random_log(rows, seed);
  for (std::int64_t& time : log.time_ns) time *= 1'000'000'000;
  return log;
}
Dataset without_times() {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}, {1, 11, 0}});
  log.time_ns.clear();
  return *build_dataset(Dataset(), "music", log, run);
}

TEST(SplitRulesTest, TimeByLengthEndsWithTheLastInteraction) {
  const Dataset d = at_times({0, kDayNs - 1, kDayNs, 2 * kDayNs - 1, 2 * kDayNs, 3 * kDayNs - 1});
  // Test: the day that ends at 3 days - 1, so from 2 days on; validation: the day before it.
  EXPECT_EQ(parts_of("time:1d", d), "TTVVEE");
  EXPECT_EQ(parts_of("time:1d", d, {1, false}), "TTTTEE");
}

// The places of rows within days (from 1; higher in older days than in the last) cut no day.
TEST(SplitRulesTest, TimeCutsNoDayThatHoldsAnOrder) {
  const std::vector<std::int64_t> days = {0, 0, 1, 1, 1, 2, 2, 3, 3, 3};
  std::vector<std::int64_t> bare, ordered;
  for (const std::int64_t day : days) {
    bare.push_back(day * kDayNs);
    const auto place = static_cast<std::int64_t>(ordered.size());
    ordered.push_back(day * kDayNs + (day < 3 ? 1000 : 1) + place);
  }
  for (const char* rule : {"time:0.9", "time:0.4,0.6", "time:1d", "time:2d", "time:1970-01-04"})
    EXPECT_EQ(parts_of(rule, at_times(ordered)), parts_of(rule, at_times(bare))) << rule;
  EXPECT_EQ(parts_of("time:1d", at_times(ordered)), "TTTTTVVEEE");
}

TEST(SplitRulesTest, LastByLengthGoesByEachUser) {
  const std::int64_t h = kDayNs / 24;
  // From the last one back: 30 h and 29 h lie within 2 h, then 20 h begins the validation.
  EXPECT_EQ(parts_of("last:2h", at_times({0, 5 * h, 19 * h, 20 * h, 29 * h, 30 * h})), "TTVVEE");
  // Everything lies within the last two hours: nothing would be left to learn from.
  EXPECT_EQ(parts_of("last:2h", at_times({0, h})), "TT");
  EXPECT_EQ(parts_of("last:2h", at_times({0, 5 * h})), "TE");
  EXPECT_THAT(error_of("last:2h", without_times()), HasSubstr("has no times"));
}

TEST(SplitRulesTest, RatioLateTakesTheLatest) {
  // 10: floor(0.2 * 10) = 2 are test, floor(0.2 * 8) = 1 validation.
  EXPECT_EQ(parts_of("ratio:0.8,late", at_times({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})), "TTTTTTTVEE");
}

TEST(SplitRulesTest, SessionsOfTheLogOrByGaps) {
  EXPECT_EQ(parts_of("session:1", at_times({1, 2, 3, 4, 5, 6}, {7, 7, 3, 3, 9, 9})), "TTVVEE");
  EXPECT_EQ(parts_of("session:2", at_times({1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 5})), "TVVEEE");
  EXPECT_EQ(parts_of("session:1", at_times({1, 2}, {4, 4})), "TT");
  const std::int64_t s = 1'000'000'000;
  // A gap of exactly a minute does not end a session; a longer one does.
  EXPECT_EQ(parts_of("session:1,1m", at_times({0, 60 * s, 121 * s, 200 * s, 201 * s})), "TTVEE");
  EXPECT_THAT(error_of("session:1", at_times({1, 2})), HasSubstr("session:1,30m"));
  EXPECT_THAT(error_of("session:1,1m", without_times()), HasSubstr("has no times"));
}

TEST(SplitRulesTest, HeldOutUsersAreNotInTrain) {
  const Dataset d = equal_users(20, 10);
  const std::string parts = parts_of("users:0.2,0.8", d);
  int test_users = 0, validation_users = 0;
  for (std::size_t user = 0; user < 20; ++user) {
    std::string one = parts.substr(10 * user, 10);
    std::sort(one.begin(), one.end());
    test_users += one == "EEFFFFFFFF";  // 2 of 10 are asked for
    validation_users += one == "IIIIIIIIVV";
    EXPECT_TRUE(one == "TTTTTTTTTT" || one == "EEFFFFFFFF" || one == "IIIIIIIIVV") << one;
  }
  EXPECT_EQ(test_users, 4);        // a fifth of 20
  EXPECT_EQ(validation_users, 3);  // floor of a fifth of the other 16
  EXPECT_NE(parts_of("users:0.2,0.8", d, {2}), parts);
  const std::string numbers = parts_of("users:3,0.5,late", d);
  EXPECT_EQ(std::count(numbers.begin(), numbers.end(), 'E'), 3 * 5);
  EXPECT_EQ(std::count(numbers.begin(), numbers.end(), 'V'), 3 * 5);
  EXPECT_THAT(numbers, HasSubstr("FFFFFEEEEE"));
}

TEST(SplitRulesTest, SomebodyMustBeLeftToLearnFrom) {
  EXPECT_THAT(error_of("users:10,0.8", equal_users(20, 5)), HasSubstr("there are 20 users"));
  EXPECT_EQ(error_of("users:9,0.8", equal_users(20, 5)), "");
}

TEST(SplitRulesTest, HeldOutUsersAreTheSameInAllDomains) {
  TestContext run;
  const Dataset d = *build_dataset(equal_users(2, 4), "shop",
                                   make_log({{0, 5, 1}, {0, 6, 2}, {1, 5, 1}, {1, 6, 2}}), run);
  const std::string music = parts_of("users:1,0.5,late", d, {1, false});
  const std::string shop = parts_of("users:1,0.5,late", d, {1, false}, 1);
  EXPECT_TRUE((music == "TTTTFFEE" && shop == "TTFE") || (music == "FFEETTTT" && shop == "FETT"))
      << music << " " << shop;
}

TEST(SplitRulesTest, NewUsersAreThoseWhoCameLast) {
  EXPECT_EQ(parts_of("new_users:1,0.5", equal_users(4, 2)), "TTTTIVFE");
  // Nothing given: the whole history is asked for.
  EXPECT_EQ(parts_of("new_users:1,0", equal_users(3, 2)), "TTVVEE");
  EXPECT_THAT(error_of("new_users:1", without_times()), HasSubstr("use users:0.1"));
}

TEST(SplitRulesTest, RandomNextCutsAnywhereAndDropsTheFuture) {
  const Dataset d = equal_users(3000, 4);
  const std::string parts = parts_of("random_next:1", d, {1, false});
  std::array<int, 4> cuts{};
  for (std::size_t user = 0; user < 3000; ++user) {
    const std::string one = parts.substr(4 * user, 4);
    const std::size_t cut = one.find('E');
    ASSERT_NE(cut, std::string::npos);
    EXPECT_EQ(one, std::string(cut, 'T') + "E" + std::string(3 - cut, 'D'));
    ++cuts[cut];
  }
  EXPECT_EQ(cuts[0], 0);  // something always comes before
  for (std::size_t cut = 1; cut < 4; ++cut) EXPECT_NEAR(cuts[cut], 1000, 5 * 26);
  const std::string both = parts_of("random_next:1", d);
  EXPECT_THAT(both, HasSubstr("VFE"));  // between validation and test: known to the test
  EXPECT_EQ(parts_of("random_next:1", equal_users(1, 1)), "T");
}

TEST(SplitRulesTest, RandomDrawsEveryInteractionForItself) {
  const Dataset d = equal_users(100, 100);
  const std::string parts = parts_of("random:0.8", d);
  const auto count = [](const std::string& text, char letter) {
    return std::count(text.begin(), text.end(), letter);
  };
  EXPECT_NEAR(count(parts, 'E'), 2000, 5 * 40);  // five standard deviations
  EXPECT_NEAR(count(parts, 'V'), 1600, 5 * 37);
  const std::string one = parts.substr(0, 100), other = parts.substr(100, 100);
  EXPECT_NE(count(one, 'E'), count(other, 'E'));  // not a share of every user
}

TEST(SplitRulesTest, FoldsTogetherTestEverythingOnce) {
  const Dataset d = equal_users(7, 11);
  std::vector<int> tested(77);
  for (const char* rule : {"fold:1/3", "fold:2/3", "fold:3/3"}) {
    const std::string parts = parts_of(rule, d);
    EXPECT_NEAR(std::count(parts.begin(), parts.end(), 'E'), 77 / 3, 7);
    EXPECT_GT(std::count(parts.begin(), parts.end(), 'V'), 0);
    for (std::size_t row = 0; row < 77; ++row) tested[row] += parts[row] == 'E';
  }
  EXPECT_THAT(tested, Each(1));
}

TEST(SplitRulesTest, HidingIsProportionalAndExact) {
  std::vector<TestRow> rows;  // users with 1, 10, 15 and 24 interactions: 50 in all
  const std::int64_t sizes[] = {1, 10, 15, 24};
  for (std::int64_t user = 0; user < 4; ++user)
    for (std::int64_t i = 0; i < sizes[user]; ++i) rows.push_back({user, i, i});
  const std::string parts = parts_of("hide:0.18", make_dataset(rows), {1, false});
  // Wanted: 0.18, 1.8, 2.7, 4.32, in all 9. The whole parts make 7; the largest rests are those of
  // the second and the third user.
  EXPECT_EQ(parts, "T" + std::string(8, 'T') + "EE" + std::string(12, 'T') + "EEE" +
                       std::string(20, 'T') + "EEEE");
}

TEST(SplitRulesTest, WhatHoldsForAllRules) {
  TestContext one(1), many(5);
  Dataset d = *build_dataset(Dataset(), "music", random_log_of_seconds(5000, 1), one);
  d = *build_dataset(d, "shop", random_log_of_seconds(4000, 2), one);
  for (const char* rule : kAll) {
    const RowParts parts = *parse_split(rule)->assign(d, {3}, one);
    EXPECT_EQ(parts, *parse_split(rule)->assign(d, {3}, many)) << rule;
    ASSERT_EQ(parts.size(), 2U);
    for (std::size_t domain = 0; domain < 2; ++domain)
      EXPECT_EQ(parts[domain].size(), d.domains()[domain].item.size()) << rule;
    const Split split = *split_dataset(d, *parse_split(rule), {3}, one);
    const Split again = *split_dataset(d, *parse_split(rule), {3}, many);
    EXPECT_EQ(split.test.fingerprint(), again.test.fingerprint()) << rule;
    EXPECT_EQ(split.fold_in.has_value(), again.fold_in.has_value()) << rule;
    if (split.fold_in) {
      EXPECT_EQ(split.fold_in->fingerprint(), again.fold_in->fingerprint());
    }
    for (const Dataset* part : {&split.train, &*split.validation, &split.test})
      EXPECT_TRUE(part->check().ok()) << rule;
    // Without validation, the same is test (a rule that draws it first is not disturbed).
    EXPECT_EQ(split_dataset(d, *parse_split(rule), {3, false}, one)->test.fingerprint(),
              split.test.fingerprint())
        << rule;
  }
}

TEST(SplitRulesTest, TimeCutsDoNotLeak) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log_of_seconds(5000, 9), run);
  for (const char* rule : {"time:0.7", "time:200s"}) {
    const Split split = *split_dataset(d, *parse_split(rule), {}, run);
    const auto ends = [](const Dataset& part) {
      const auto& column = part.domains()[0].time_ns;
      return std::minmax_element(column.begin(), column.end());
    };
    EXPECT_LT(*ends(split.train).second, *ends(*split.validation).first) << rule;
    EXPECT_LT(*ends(*split.validation).second, *ends(split.test).first) << rule;
  }
}

TEST(SplitRulesTest, RulesThatDoNotParseShowHowToWriteThem) {
  const std::pair<const char*, std::vector<const char*>> wrong[] = {
      {"(time:7d)", {"time:7y", "time:0d"}},
      {"(last:7d)", {"last:0d", "last:7x"}},
      {"(ratio:0.8,late)", {"ratio:0.8,early", "ratio:0.8,"}},
      {"users:0.1,0.8", {"users:", "users:0", "users:1.5", "users:10,1", "users:10,0.8,0.1"}},
      {"new_users:0.1,0.8", {"new_users:x", "new_users:-1"}},
      {"session:1,30m", {"session:", "session:0", "session:1,", "session:1,30"}},
      {"(random_next:1)", {"random_next:", "random_next:0"}},
      {"fold:1/5", {"fold:", "fold:0/5", "fold:6/5", "fold:1/1", "fold:1"}},
      {"(random:0.8)", {"random:", "random:0", "random:1", "random:x"}},
      {"(hide:0.106)", {"hide:", "hide:0", "hide:1", "hide:x"}},
      {"(cold:zvuk,0.2)", {"cold:", "cold:zvuk,1", "cold:zvuk,x", "cold:zvuk,0.1,2"}}};
  for (const auto& [example, texts] : wrong)
    for (const char* text : texts) {
      const Status status = parse_split(text).status();
      EXPECT_EQ(status.kind(), StatusKind::kUsage) << text;
      EXPECT_THAT(status.message(), HasSubstr(example)) << text;
    }
}

// Ten users of music, the first eight of whom bought something too, and five who only bought.
Dataset buyers_and_listeners() {
  std::vector<TestRow> songs, things;
  for (std::int64_t user = 0; user < 10; ++user)
    for (std::int64_t song = 0; song <= user % 3; ++song) songs.push_back({user, song, 100 + user});
  for (std::int64_t user = 0; user < 15; ++user)
    if (user < 8 || user >= 10) things.push_back({user, user % 4, 50 + user});
  TestContext run;
  const Dataset shop = *build_dataset(Dataset(), "shop", make_log(things), run);
  return *build_dataset(shop, "music", make_log(songs), run);
}

TEST(SplitRulesTest, ColdHidesADomainOfUsersKnownInAnother) {
  const Dataset d = buyers_and_listeners();
  TestContext run;
  for (const bool validation : {true, false}) {
    const RowParts parts = *parse_split("cold:music,0.3")->assign(d, {5, validation}, run);
    EXPECT_THAT(parts[0], Each(kTrain));
    std::int64_t held[2] = {0, 0};
    for (std::size_t user = 0; user < 15; ++user) {
      const auto first = parts[1].begin() + d.domains()[1].offsets[user];
      const auto last = parts[1].begin() + d.domains()[1].offsets[user + 1];
      if (first == last || *first == kTrain) continue;
      EXPECT_EQ(std::count(first, last, *first), last - first);
      EXPECT_LT(std::get<std::int64_t>(d.users().id(static_cast<UserIndex>(user))), 8);
      ++held[*first == kTest ? 0 : 1];
    }
    EXPECT_EQ(held[0], 2);  // of eight
    EXPECT_EQ(held[1], validation ? 2 : 0);
  }
  EXPECT_NE(parse_split("cold:music,0.3")->assign(d, {5, false}, run)->at(1),
            parse_split("cold:music,0.3")->assign(d, {6, false}, run)->at(1));
  const Split split = *split_dataset(d, *parse_split("cold:music,0.3"), {5}, run);
  EXPECT_FALSE(split.fold_in);
  EXPECT_EQ(split.train.domains()[0].num_interactions(), d.domains()[0].num_interactions());
}

TEST(SplitRulesTest, ColdNeedsADomainAndUsersOfBoth) {
  EXPECT_THAT(error_of("cold:radio,0.2", buyers_and_listeners()), HasSubstr("radio"));
  EXPECT_THAT(error_of("cold:music,0.01", buyers_and_listeners()),
              HasSubstr("8 users of the domain music are known in another"));
  EXPECT_THAT(error_of("cold:music,0.2", equal_users(5, 3)), HasSubstr("0 users of the domain"));
}

TEST(SplitRulesTest, StopsWhenAsked) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(500, 1), run);
  run.stop = true;
  for (const char* rule : kAll)
    EXPECT_EQ(split_dataset(d, *parse_split(rule), {}, run).status().kind(),
              StatusKind::kInterrupted)
        << rule;
}

}  // namespace
}  // namespace crossfade
