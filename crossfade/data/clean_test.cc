// Cleaning: every reason by itself, their order, the numbering of rows, and what stays.
#include "crossfade/data/clean.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

// The reason why a log of this one row and these nulls loses it; "" if it stays.
std::string fault(const TestRow& row, const LogNulls& nulls = {}) {
  ImportReport report;
  const auto log = clean_log(make_log({row}), nulls, report);
  EXPECT_TRUE(log.ok());
  EXPECT_EQ(size_of(log->users), report.dropped.empty() ? 1U : 0U);
  EXPECT_EQ(report.rows_kept + report.rows_dropped(), 1);
  return report.dropped.empty() ? "" : report.dropped[0].reason;
}

TEST(CleanTest, EveryReason) {
  EXPECT_EQ(fault({1, 2, 3}), "");
  EXPECT_EQ(fault({1, 2, 3}, {{1}, {1}, {1}, {1}}), "missing user id");
  EXPECT_EQ(fault({1, 2, 3}, {{0}, {1}, {1}, {1}}), "missing item id");
  EXPECT_EQ(fault({1, 2, 3}, {{}, {}, {1}, {1}}), "missing time");
  EXPECT_EQ(fault({1, 2, 3}, {{}, {}, {}, {1}}), "missing weight");
  EXPECT_EQ(fault({1, 2, 3, std::nanf("")}), "weight is not a number");
  EXPECT_EQ(fault({1, 2, 3, std::numeric_limits<float>::infinity()}), "weight is not a number");
  EXPECT_EQ(fault({1, 2, 3, -0.5F}), "negative weight");
}

TEST(CleanTest, RowsWithoutAKindGo) {
  LogColumns log = make_log({{1, 5, 0}, {2, 6, 1}});
  log.kinds = {0, 0};
  LogNulls nulls;
  nulls.kinds = {1, 0};
  ImportReport report;
  const LogColumns clean = *clean_log(log, nulls, report);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(clean.users), ElementsAre(2));
  EXPECT_EQ(report.sentence(), "1 of 2 rows dropped: 1 missing kind");
  nulls.kinds = {1};
  EXPECT_THAT(clean_log(log, nulls, report).status().message(), HasSubstr("nulls of kinds"));
}

TEST(CleanTest, TimesFrom1970To2200) {
  EXPECT_EQ(fault({1, 2, 0}), "");
  EXPECT_EQ(fault({1, 2, -1}), "time before 1970 or after 2199");
  EXPECT_EQ(fault({1, 2, -25'567 * kDayNs - 1}), "time before 1970 or after 2199");
  EXPECT_EQ(fault({1, 2, 84'006 * kDayNs - 1}), "");
  EXPECT_EQ(fault({1, 2, 84'006 * kDayNs}), "time before 1970 or after 2199");
}

TEST(CleanTest, TextIdsAreUtf8) {
  LogColumns log = make_log({{1, 5, 0}, {2, 6, 1}, {3, 7, 2}});
  log.users = std::vector<std::string>{"a", "\xFF", "b"};
  log.items = std::vector<std::string>{"\xD1\x8F", "x", "\xC3"};
  ImportReport report;
  const LogColumns clean = *clean_log(log, {}, report);
  EXPECT_THAT(std::get<std::vector<std::string>>(clean.items), ElementsAre("\xD1\x8F"));
  ASSERT_EQ(report.dropped.size(), 2U);
  EXPECT_EQ(report.dropped[0].reason, "user id is not UTF-8");
  EXPECT_EQ(report.dropped[1].reason, "item id is not UTF-8");
  EXPECT_THAT(report.dropped[0].examples, ElementsAre(HasSubstr("user \xEF\xBF\xBD, item x")));
}

TEST(CleanTest, ZeroWeightsStay) {
  EXPECT_EQ(fault({1, 2, 5, 0}), "");
}

TEST(CleanTest, KeepsTheRestInOrderAndAllColumnsTogether) {
  LogColumns log = make_log({{1, 5, 0, 1}, {2, 6, 1, -1}, {3, 7, 2, 3}});
  log.items = std::vector<std::string>{"a", "b", "c"};
  log.kinds = {1, 2, 3};
  log.sessions = {10, 20, 30};
  ImportReport report;
  const LogColumns clean = *clean_log(log, {}, report);
  EXPECT_THAT(std::get<std::vector<std::int64_t>>(clean.users), ElementsAre(1, 3));
  EXPECT_THAT(std::get<std::vector<std::string>>(clean.items), ElementsAre("a", "c"));
  EXPECT_THAT(clean.time_ns, ElementsAre(0, 2));
  EXPECT_THAT(clean.weights, ElementsAre(1, 3));
  EXPECT_THAT(clean.kinds, ElementsAre(1, 3));
  EXPECT_THAT(clean.sessions, ElementsAre(10, 30));
  EXPECT_THAT(report.dropped[0].examples, ElementsAre("row 1: user 2, item b, time 1, weight -1"));
}

TEST(CleanTest, PartsOfALogAreNumberedAsOne) {
  ImportReport report;
  ASSERT_TRUE(clean_log(make_log({{1, 5, 0}, {2, 5, 0}}), {}, report).ok());
  ASSERT_TRUE(clean_log(make_log({{3, 5, 0}}), {{1}, {}, {}, {}}, report).ok());
  EXPECT_EQ(report.rows_read, 3);
  EXPECT_EQ(report.rows_kept, 2);
  EXPECT_THAT(report.dropped[0].examples,
              ElementsAre("row 2: user null, item 5, time 0, weight 1"));
}

TEST(CleanTest, NothingIsCopiedWhenAllIsGood) {
  LogColumns log = make_log({{1, 5, 0}});
  const float* before = log.weights.data();
  ImportReport report;
  EXPECT_EQ(clean_log(std::move(log), {}, report)->weights.data(), before);
}

TEST(CleanTest, ColumnsOfOtherLengthsAreRefused) {
  ImportReport report;
  LogColumns log = make_log({{1, 5, 0}});
  log.kinds = {1, 2};
  EXPECT_THAT(clean_log(log, {}, report).status().message(), HasSubstr("kinds has 2 rows"));
  EXPECT_THAT(clean_log(make_log({{1, 5, 0}}), {{}, {}, {0, 1}, {}}, report).status().message(),
              HasSubstr("nulls of times has 2 rows"));
}

}  // namespace
}  // namespace crossfade
