// Units said and guessed, at the edges of what 64 bits hold.
#include "crossfade/io/log_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kSecond2020 = 1'577'836'800;  // 2020-01-01

Result<Ints> take(Column::Values values, TimeUnit unit, ImportReport* report = nullptr,
                  std::vector<std::uint8_t> nulls = {}) {
  ImportReport own;
  Column column{"t", std::move(values), Column::Meaning::kPlain, std::move(nulls)};
  return take_times(column, unit, report ? *report : own);
}

TEST(LogTimes, MultipliesByTheUnit) {
  EXPECT_THAT(*take(Ints{3, -1}, TimeUnit::kSeconds), ElementsAre(3'000'000'000, -1'000'000'000));
  EXPECT_THAT(*take(std::vector<std::int32_t>{3}, TimeUnit::kMicroseconds), ElementsAre(3000));
  EXPECT_THAT(*take(Ints{3}, TimeUnit::kNanoseconds), ElementsAre(3));
  EXPECT_THAT(*take(std::vector<double>{1.5, -0.25}, TimeUnit::kSeconds),
              ElementsAre(1'500'000'000, -250'000'000));
  EXPECT_THAT(*take(Ints{INT64_MAX, INT64_MIN}, TimeUnit::kSeconds),
              ElementsAre(INT64_MAX, INT64_MIN));
  EXPECT_THAT(*take(std::vector<double>{1e300, -1e300}, TimeUnit::kSeconds),
              ElementsAre(INT64_MAX, INT64_MIN));
}

TEST(LogTimes, GuessesEachUnitAndSaysSo) {
  for (const auto& [scale, word] : {std::pair<std::int64_t, const char*>{1, " seconds"},
                                    {1'000, " milliseconds"},
                                    {1'000'000, " microseconds"},
                                    {1'000'000'000, " nanoseconds"}}) {
    ImportReport report;
    const Ints times =
        *take(Ints{kSecond2020 * scale, (kSecond2020 + 1) * scale}, TimeUnit::kAuto, &report);
    EXPECT_THAT(times, ElementsAre(kSecond2020 * 1'000'000'000, (kSecond2020 + 1) * 1'000'000'000));
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_THAT(report.notes[0], HasSubstr(word));
  }
}

TEST(LogTimes, AllValuesHaveToAgreeOnTheGuess) {
  const auto times = take(Ints{kSecond2020, 5, kSecond2020}, TimeUnit::kAuto);
  ASSERT_FALSE(times.ok());
  EXPECT_EQ(times.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(times.status().message(), HasSubstr("from 5 (row 1)"));
  EXPECT_THAT(times.status().message(), HasSubstr("--time-unit"));
  // What is missing has no say.
  EXPECT_TRUE(take(Ints{kSecond2020, 5, kSecond2020}, TimeUnit::kAuto, nullptr, {0, 1, 0}).ok());
}

TEST(LogTimes, NanIsMissing) {
  Column column{"t", std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, {}, {}};
  ImportReport report;
  EXPECT_THAT(*take_times(column, TimeUnit::kSeconds, report), ElementsAre(1'000'000'000, 0));
  EXPECT_THAT(column.nulls, ElementsAre(0, 1));
}

TEST(LogTimes, TimestampsAreTakenAndTextIsNot) {
  Column column{"t", Ints{5, 6}, Column::Meaning::kTimestamp, {}};
  ImportReport report;
  EXPECT_THAT(*take_times(column, TimeUnit::kSeconds, report), ElementsAre(5, 6));
  EXPECT_THAT(take(std::vector<std::string>{"now"}, TimeUnit::kSeconds).status().message(),
              HasSubstr("holds text where times are needed"));
  const std::vector<std::string> zones{"2020-01-01 10:00:00", "2020-01-02 10:00:00+03:00"};
  EXPECT_THAT(take(zones, TimeUnit::kAuto).status().message(),
              HasSubstr("column 't', row 1 ('2020-01-02 10:00:00+03:00') names a time zone and row "
                        "0 ('2020-01-01 10:00:00') does not"));
  EXPECT_THAT(
      take(std::vector<std::string>{zones[1], zones[0]}, TimeUnit::kAuto).status().message(),
      HasSubstr("names no time zone and row 0"));
}

TEST(LogTimes, WritesTimesForPeople) {
  EXPECT_EQ(time_text(0), "1970-01-01 00:00:00");
  EXPECT_EQ(time_text(kSecond2020 * 1'000'000'000 + 3'661'999'999'999), "2020-01-01 01:01:01");
  EXPECT_EQ(time_text(-1), "1969-12-31 23:59:59");
}

}  // namespace
}  // namespace crossfade
