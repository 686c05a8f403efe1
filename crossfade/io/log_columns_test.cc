// Tables by hand: every role from every type, gaps, and each sentence.
#include "crossfade/io/log_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crossfade/data/store/sessions.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Column column(const std::string& name, Column::Values values, std::vector<std::uint8_t> nulls = {},
              Column::Meaning meaning = Column::Meaning::kPlain) {
  return {name, std::move(values), meaning, std::move(nulls)};
}

using Ints = std::vector<std::int64_t>;
using Narrow = std::vector<std::int32_t>;
using Texts = std::vector<std::string>;

Result<MarkedLog> convert(std::vector<Column> columns, const LogSchema& schema,
                          ImportReport* report = nullptr) {
  TestContext test;
  ImportReport own;
  Table table;
  table.columns = std::move(columns);
  return to_log_columns(std::move(table), schema, test.context, report ? *report : own);
}

LogSchema pairs() {
  LogSchema schema;
  schema.user = "u";
  schema.item = "i";
  return schema;
}

TEST(LogColumns, TakesEveryRole) {
  LogSchema schema = pairs();
  schema.time = "t";
  schema.weight = "w";
  schema.kind = "k";
  schema.session = "s";
  schema.time_unit = TimeUnit::kMilliseconds;
  ImportReport report;
  const auto [log, nulls, times] =
      *convert({column("u", Narrow{7, 8}), column("i", Texts{"a", "b"}), column("t", Ints{1, 2}),
                column("w", std::vector<double>{0.5, 2}), column("k", Texts{"play", "like"}),
                column("s", Texts{"x", "y"})},
               schema, &report);
  EXPECT_THAT(std::get<Ints>(log.users), ElementsAre(7, 8));
  EXPECT_THAT(std::get<Texts>(log.items), ElementsAre("a", "b"));
  EXPECT_THAT(log.time_ns, ElementsAre(1'000'000, 2'000'000));
  EXPECT_THAT(log.weights, ElementsAre(0.5F, 2.F));
  EXPECT_THAT(log.kinds, ElementsAre(1, 0));
  EXPECT_NE(log.sessions[0], log.sessions[1]);
  EXPECT_THAT(report.notes, ElementsAre("kinds in column 'k': 0 = like, 1 = play"));
}

TEST(LogColumns, IdsWithGapsComeAsFloatsAndAreIntegersAgain) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto [log, nulls, times] =
      *convert({column("u", std::vector<double>{5, nan, 6}), column("i", Ints{1, 2, 3})}, pairs());
  EXPECT_THAT(std::get<Ints>(log.users), ElementsAre(5, 0, 6));
  EXPECT_THAT(nulls.users, ElementsAre(0, 1, 0));
  EXPECT_TRUE(nulls.items.empty());
}

TEST(LogColumns, GapsAreMarked) {
  LogSchema schema = pairs();
  schema.time = "t";
  schema.weight = "w";
  schema.kind = "k";
  schema.session = "s";
  ImportReport report;
  const std::vector<std::uint8_t> first = {1, 0}, second = {0, 1};
  const auto [log, nulls, times] =
      *convert({column("u", Ints{1, 2}), column("i", Texts{"a", ""}, second),
                column("t", Ints{0, 5}, first, Column::Meaning::kTimestamp),
                column("w", std::vector<float>{1, 0}, second),
                column("k", Texts{"", "play"}, first), column("s", Ints{0, 7}, first)},
               schema, &report);
  EXPECT_TRUE(nulls.users.empty());
  EXPECT_EQ(nulls.items, second);
  EXPECT_EQ(nulls.times, first);
  EXPECT_EQ(nulls.weights, second);
  EXPECT_THAT(log.kinds, ElementsAre(0, 0));
  EXPECT_EQ(nulls.kinds, first);
  EXPECT_THAT(log.sessions, ElementsAre(kNoSession, 7));
  EXPECT_THAT(report.notes, ElementsAre("kinds in column 'k': 0 = play",
                                        "column 's': 1 row has no session; such rows are in "
                                        "sessions of their own, which end with a pause of 30 "
                                        "minutes"));
}

// A kind that is missing is neither the first of the alphabet nor one that is not wanted.
TEST(LogColumns, AMissingKindIsNoKind) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const bool weigh : {false, true})
    for (const bool choose : {false, true})
      for (const bool text : {false, true}) {
        LogSchema schema = pairs();
        schema.kind = "k";
        const std::string buy = text ? "buy" : "0";
        if (weigh) schema.kind_weights = {{buy, 5.F}};
        if (choose) schema.only_kinds = {buy};
        Column kinds =
            text ? column("k", Texts{"", "buy"}, {1, 0}) : column("k", std::vector<float>{nan, 0});
        ImportReport report;
        auto marked = convert({column("u", Ints{1, 2}), column("i", Ints{3, 4}), std::move(kinds)},
                              schema, &report);
        ASSERT_TRUE(marked.ok()) << marked.status().message();
        const auto log = clean_log(std::move(marked->columns), marked->nulls, report);
        EXPECT_THAT(std::get<Ints>(log->users), ElementsAre(2));
        EXPECT_EQ(report.sentence(), "1 of 2 rows dropped: 1 missing kind");
        EXPECT_THAT(log->weights, testing::Each(5.F));
      }
}

// Days with a place within each: bad places are bad rows, and days stay days.
TEST(LogColumns, AnOrderIsAddedToTimes) {
  constexpr std::int64_t kDay = 86'400'000'000'000;
  LogSchema schema = pairs();
  schema.time = "t";
  schema.order = "n";
  ImportReport report;
  auto marked =
      convert({column("u", Ints{1, 2, 3, 4, 5}), column("i", Ints{1, 2, 3, 4, 5}),
               column("t", Ints{kDay, kDay, kDay, kDay, 2 * kDay}, {}, Column::Meaning::kTimestamp),
               column("n", Ints{7, 0, -1, 1'000'000'000, 999'999'999}, {0, 1, 0, 0, 0})},
              schema, &report);
  ASSERT_TRUE(marked.ok()) << marked.status().message();
  const auto log = clean_log(std::move(marked->columns), marked->nulls, report);
  EXPECT_THAT(log->time_ns, ElementsAre(kDay + 7, 2 * kDay + 999'999'999));
  EXPECT_EQ(report.sentence(),
            "3 of 5 rows dropped: 1 missing order, 2 order is not from 0 to 999,999,999");
  EXPECT_THAT(report.notes, ElementsAre("column 'n' orders rows of equal times: it is added to "
                                        "them as nanoseconds"));
}

void expect_error(const Result<MarkedLog>& result, const std::vector<std::string>& words) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().kind(), StatusKind::kDataInvalid);
  for (const std::string& word : words) EXPECT_THAT(result.status().message(), HasSubstr(word));
}

TEST(LogColumns, WrongTypesAreSentences) {
  const Column items = column("i", Ints{1, 2});
  expect_error(convert({column("u", std::vector<double>{1, 2.5}), items}, pairs()),
               {"column 'u', row 1: 2.5 is not an integer"});
  expect_error(convert({column("u", std::vector<double>{1, 0x1p60}), items}, pairs()),
               {"column 'u', row 1: ", "is beyond 2^53"});
  expect_error(convert({column("u", Ints{1, 2}, {}, Column::Meaning::kTimestamp), items}, pairs()),
               {"column 'u' holds times where ids are needed"});
  LogSchema schema = pairs();
  schema.weight = "w";
  expect_error(convert({column("u", Ints{1, 2}), items, column("w", Texts{"a", "b"})}, schema),
               {"column 'w' is no weight"});
  schema = pairs();
  schema.kind = "k";
  expect_error(convert({column("u", Ints{1, 2}), items, column("k", Ints{0, 256})}, schema),
               {"column 'k', row 1: kind 256"});
  schema = pairs();
  schema.session = "s";
  expect_error(
      convert({column("u", Ints{1, 2}), items, column("s", std::vector<double>{1, 0.5})}, schema),
      {"column 's', row 1"});
  schema = pairs();
  schema.time = "t";
  schema.order = "n";
  const Column times = column("t", Ints{0, 1'500'000'000}, {}, Column::Meaning::kTimestamp);
  const Column ids = column("u", Ints{1, 2});
  expect_error(convert({ids, items, times, column("n", Ints{1, 2})}, schema),
               {"row 1: the order in column 'n'", "has a fraction (500000000 ns)", "--order none"});
  expect_error(convert({ids, items, times, column("n", Texts{"1", "2"})}, schema),
               {"column 'n' holds text or lists where numbers are needed"});
  expect_error(convert({ids, items, times, column("n", std::vector<double>{1, 0.5})}, schema),
               {"column 'n', row 1: 0.5 is not an integer"});
  expect_error(convert({ids, items, times, column("n", Ints{1, 2}, {}, times.meaning)}, schema),
               {"column 'n' holds times where places in an order are needed"});
}

}  // namespace
}  // namespace crossfade
