// Days, months, hours and weekdays of a small log, by hand.
#include "crossfade/data/exploration/explore_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

constexpr std::int64_t kHour = 3'600'000'000'000, kDay = 24 * kHour;
constexpr std::int64_t kStart = 19'387 * kDay;  // Monday, 2023-01-30, 00:00 UTC

TimeExploration explore(const std::vector<TestRow>& rows) {
  TestContext run;
  return explore_time(make_dataset(rows).domains()[0], run.threads);
}

TEST(ExploreTime, DaysCountEventsUsersAndWhatIsNew) {
  const TimeExploration time = explore({{1, 10, kStart + kHour},
                                        {1, 11, kStart + 2 * kHour},
                                        {2, 10, kStart + 23 * kHour},
                                        {1, 10, kStart + 2 * kDay},
                                        {3, 12, kStart + 2 * kDay + kHour}});
  ASSERT_EQ(time.days.size(), 3u);
  EXPECT_EQ(time.days[0].start_s, 19'387 * 86'400);
  EXPECT_EQ(time.days[0].events, 3);
  EXPECT_EQ(time.days[0].users, 2);
  EXPECT_EQ(time.days[0].new_users, 2);
  EXPECT_EQ(time.days[0].new_items, 2);
  EXPECT_EQ(time.days[1].events, 0);
  EXPECT_EQ(time.days[2].users, 2);
  EXPECT_EQ(time.days[2].new_users, 1);
  EXPECT_EQ(time.days[2].new_items, 1);
  // 30 and 31 January, 1 February.
  ASSERT_EQ(time.months.size(), 2u);
  EXPECT_EQ(time.months[0].start_s, 1'672'531'200);
  EXPECT_EQ(time.months[0].events, 3);
  EXPECT_EQ(time.months[0].users, 2);
  EXPECT_EQ(time.months[1].users, 2);
  EXPECT_EQ(time.months[1].new_items, 1);
  EXPECT_THAT(time.by_weekday, testing::ElementsAre(3, 0, 2, 0, 0, 0, 0));
  EXPECT_EQ(time.by_hour[1], 2);
  EXPECT_EQ(time.by_hour[23], 1);
  EXPECT_TRUE(time.has_hours());
}

TEST(ExploreTime, BeforeTheEpochToo) {
  const TimeExploration time = explore({{1, 10, -1}, {1, 10, -kDay - 1}});
  ASSERT_EQ(time.days.size(), 2u);
  EXPECT_EQ(time.days[0].start_s, -2 * 86'400);
  EXPECT_EQ(time.by_hour[23], 2);
  // 31 December 1969 was a Wednesday.
  EXPECT_EQ(time.by_weekday[2], 1);
  EXPECT_EQ(time.by_weekday[1], 1);
  EXPECT_FALSE(time.has_hours());
}

TEST(ExploreTime, WithoutTimes) {
  TestContext run;
  LogColumns log = make_log({{1, 10, 0}});
  log.time_ns.clear();
  const Dataset dataset = *build_dataset(Dataset(), "music", std::move(log), run);
  const TimeExploration time = explore_time(dataset.domains()[0], run.threads);
  EXPECT_TRUE(time.days.empty());
  EXPECT_FALSE(time.has_hours());
}

}  // namespace
}  // namespace crossfade
