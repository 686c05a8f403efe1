// Targets, whole sessions, cold users and items, and what the fold-in parts hold; by hand.
#include "crossfade/data/splits/refine_parts.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// One user whose rows have these parts, as letters (T V E D F I).
struct Planted {
  explicit Planted(const std::string& letters, std::vector<std::int64_t> sessions = {}) {
    std::vector<TestRow> rows;
    for (std::size_t i = 0; i < letters.size(); ++i)
      rows.push_back({1, static_cast<std::int64_t>(i), static_cast<std::int64_t>(i)});
    LogColumns log = make_log(rows);
    log.sessions = std::move(sessions);
    dataset = *build_dataset(Dataset(), "music", log, run);
    auto& column = parts.emplace_back();
    for (const char letter : letters)
      column.push_back(static_cast<std::uint8_t>(std::string("TVEDFI").find(letter)));
  }
  std::string letters() const {
    std::string text;
    for (const std::uint8_t part : parts[0]) text += "TVEDFI"[part];
    return text;
  }
  std::string targets(Target target, std::uint64_t seed = 1) {
    SplitOptions options;
    options.target = target;
    options.seed = seed;
    choose_targets(dataset, options, parts, run);
    return letters();
  }

  TestContext run;
  Dataset dataset;
  RowParts parts;
};

std::vector<std::int64_t> times(const Dataset& d) {
  return {d.domains()[0].time_ns.begin(), d.domains()[0].time_ns.end()};
}
Split split_by(const std::string& rule, const Dataset& d, const SplitOptions& options) {
  TestContext run;
  return *split_dataset(d, *parse_split(rule), options, run);
}

TEST(RefinePartsTest, OneTargetPerUser) {
  EXPECT_EQ(Planted("TTVVVEEE").targets(Target::kAll), "TTVVVEEE");
  EXPECT_EQ(Planted("TTVVVEEE").targets(Target::kLast), "TTIIVFFE");
  // What comes after the validation's target lies before the test: it is known there.
  EXPECT_EQ(Planted("TTVVVEEE").targets(Target::kFirst), "TTVFFEDD");
  EXPECT_EQ(Planted("TT").targets(Target::kLast), "TT");
  std::array<int, 3> drawn{};
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const std::string letters = Planted("TEEE").targets(Target::kRandom, seed);
    EXPECT_TRUE(letters == "TEDD" || letters == "TFED" || letters == "TFFE") << letters;
    ++drawn[letters.find('E') - 1];
  }
  for (const int count : drawn) EXPECT_NEAR(count, 200, 5 * 12);
}

TEST(RefinePartsTest, SessionsStayWhole) {
  const auto whole = [](Sessions where) {
    Planted planted("TTVVEE", {1, 1, 1, 2, 2, 3});
    EXPECT_TRUE(keep_sessions_whole(planted.dataset, where, planted.parts, planted.run).ok());
    return planted.letters();
  };
  EXPECT_EQ(whole(Sessions::kCut), "TTVVEE");
  EXPECT_EQ(whole(Sessions::kEarlier), "TTTVVE");
  EXPECT_EQ(whole(Sessions::kLater), "VVVEEE");
  Planted none("TE");
  EXPECT_THAT(keep_sessions_whole(none.dataset, Sessions::kLater, none.parts, none.run).message(),
              HasSubstr("has no sessions that could be kept whole"));
}

// Train until 3, validation 4 to 5, test from 6 on. User 2 comes in the validation, user 3 in the
// test; item 12 comes in the validation, item 13 in the test.
Dataset with_cold() {
  return make_dataset({{1, 10, 1},
                       {1, 11, 2},
                       {1, 10, 3},
                       {1, 12, 4},
                       {2, 10, 5},
                       {1, 12, 6},
                       {2, 11, 7},
                       {3, 10, 8},
                       {1, 13, 9}});
}

TEST(RefinePartsTest, ColdUsersAndItemsAreDroppedWhereAsked) {
  // floor(0.56 * 9) = 5 come before the test, floor(0.56 * 5) = 2 before the validation.
  const auto parts = [](bool users, bool items) {
    SplitOptions options;
    options.drop_cold_users = users;
    options.drop_cold_items = items;
    const Split split = split_by("time:0.56", with_cold(), options);
    return std::pair(times(*split.validation), times(split.test));
  };
  const auto at = [](std::vector<std::int64_t> v, std::vector<std::int64_t> t) {
    return std::pair(std::move(v), std::move(t));
  };
  EXPECT_EQ(parts(false, false), at({3, 4, 5}, {6, 9, 7, 8}));
  // The test's user 2 has a history: in the validation. The validation's user 2 has none.
  EXPECT_EQ(parts(true, false), at({3, 4}, {6, 9, 7}));
  // Item 12 is new to the validation, and known to the test.
  EXPECT_EQ(parts(false, true), at({3, 5}, {6, 7, 8}));
}

TEST(RefinePartsTest, ForNewUsersOnlyTrainMakesItemsKnown) {
  // New users 3 and 2 (test and validation) both know item 12, which no user in train has.
  const Dataset d = make_dataset(
      {{1, 10, 1}, {1, 11, 2}, {2, 10, 3}, {2, 12, 4}, {3, 12, 5}, {3, 12, 6}, {3, 11, 7}});
  SplitOptions options;
  options.drop_cold_items = true;
  const Split split = split_by("new_users:1,0.3", d, {});
  EXPECT_THAT(times(split.test), ElementsAre(6, 7));
  options.validation = false;
  EXPECT_THAT(times(split_by("new_users:1,0.3", d, options).test), ElementsAre(6, 7));
  options.validation = true;
  TestContext run;
  // The validation would ask for item 12 alone, so it is empty.
  EXPECT_THAT(split_dataset(d, *parse_split("new_users:1,0.3"), options, run).status().message(),
              HasSubstr("leaves none for validation"));
}

TEST(RefinePartsTest, FoldInIsAllThatIsKnownOfTheTestsUsers) {
  // User 1: 1 2 | 3 4 | 5 6, user 2 only before the test.
  const Dataset d = make_dataset({{1, 10, 1},
                                  {1, 11, 2},
                                  {1, 12, 3},
                                  {1, 13, 4},
                                  {1, 14, 5},
                                  {1, 15, 6},
                                  {2, 10, 1},
                                  {2, 10, 1},
                                  {2, 10, 1},
                                  {2, 10, 1}});
  SplitOptions options;
  const std::string rule = "time:0.8";  // from the 9th of 10 on: 5, 6; of the 8 before, from 3 on
  EXPECT_FALSE(split_by(rule, d, options).fold_in.has_value());
  options.fold_in = true;
  EXPECT_THAT(times(*split_by(rule, d, options).fold_in), ElementsAre(1, 2, 3, 4));
  options.target = Target::kLast;
  const Split last = split_by(rule, d, options);
  EXPECT_THAT(times(last.test), ElementsAre(6));
  EXPECT_THAT(times(*last.validation), ElementsAre(4));
  EXPECT_THAT(times(last.train), ElementsAre(1, 2, 1, 1, 1, 1));
  EXPECT_THAT(times(*last.fold_in), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(times(*last.validation_fold_in), ElementsAre(1, 2, 3));
  EXPECT_EQ(last.fold_in->num_users(), 2);  // the same indices everywhere
}

}  // namespace
}  // namespace crossfade
