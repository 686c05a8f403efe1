// Days and lengths of time as they are written, and what is none.
#include "crossfade/data/moments.h"

#include <gtest/gtest.h>

#include <limits>

namespace crossfade {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

TEST(MomentsTest, Days) {
  EXPECT_EQ(parse_day("1970-01-02"), 86'400 * kSecondNs);
  EXPECT_EQ(parse_day("2022-12-01"), 19'327 * 86'400 * kSecondNs);
  for (const char* text :
       {"", "2022-13-01", "2022-02-30", "1022-01-01", "2022-1-1", "2022-01-1x", "20220-1-01"})
    EXPECT_EQ(parse_day(text), std::nullopt) << text;
}

TEST(MomentsTest, Lengths) {
  EXPECT_EQ(parse_length("30s"), 30 * kSecondNs);
  EXPECT_EQ(parse_length("2m"), 120 * kSecondNs);
  EXPECT_EQ(parse_length("1h"), 3'600 * kSecondNs);
  EXPECT_EQ(parse_length("7d"), 7 * 86'400 * kSecondNs);
  EXPECT_EQ(parse_length("1w"), 7 * 86'400 * kSecondNs);
  for (const char* text : {"", "s", "7", "0d", "-1d", "1.5d", "7y", "99999999999d", "d7"})
    EXPECT_EQ(parse_length(text), std::nullopt) << text;
}

TEST(MomentsTest, DaysMayHoldAnOrder) {
  using Times = std::vector<std::int64_t>;
  constexpr std::int64_t kDayNs = 86'400 * kSecondNs;
  EXPECT_TRUE(are_days(Times{0, kDayNs, 3 * kDayNs}));
  EXPECT_TRUE(are_days(Times{kMostOrder, kDayNs + 7}));
  EXPECT_FALSE(are_days(Times{}));
  EXPECT_FALSE(are_days(Times{5, 9}));  // one day says nothing
  EXPECT_FALSE(are_days(Times{0, kDayNs + kSecondNs}));
  EXPECT_FALSE(are_days(Times{-kDayNs, 0}));
  EXPECT_EQ(midnight_of(2 * kDayNs + kMostOrder), 2 * kDayNs);
}

TEST(MomentsTest, DifferencesDoNotOverflow) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(time_between(3, 10), 7);
  EXPECT_EQ(time_between(low, high), high);
}

}  // namespace
}  // namespace crossfade
