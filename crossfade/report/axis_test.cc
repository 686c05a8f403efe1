// Axes: which values get a tick, how it reads, and where a value stands.
#include "crossfade/report/axis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace crossfade {
namespace {

using Axis = PlotBlock::Axis;

std::string labels(const AxisScale& scale, int wanted) {
  std::string text;
  for (const Tick& tick : scale.ticks(wanted)) text += (text.empty() ? "" : "|") + tick.label;
  return text;
}

TEST(Axis, LinearTicksAreRoundAndWidenTheAxis) {
  const AxisScale scale(Axis::kLinear, 0.013, 0.0972);
  EXPECT_DOUBLE_EQ(scale.low(), 0);
  EXPECT_DOUBLE_EQ(scale.high(), 0.1);
  EXPECT_EQ(labels(scale, 6), "0|0.02|0.04|0.06|0.08|0.10");
  EXPECT_DOUBLE_EQ(scale.position(0.05), 0.5);
  EXPECT_EQ(labels({Axis::kLinear, -30, 40}, 6), "-40|-20|0|20|40");
}

TEST(Axis, LargeNumbersAreShort) {
  EXPECT_EQ(labels({Axis::kLinear, 0, 2'400'000}, 6), "0|0.5M|1.0M|1.5M|2.0M|2.5M");
  EXPECT_EQ(labels({Axis::kLinear, 0, 40'000}, 4), "0|10k|20k|30k|40k");
  EXPECT_EQ(labels({Axis::kLinear, 0, 4'000}, 4), "0|1000|2000|3000|4000");
}

TEST(Axis, LogTicksArePowers) {
  const AxisScale scale(Axis::kLog, 3, 70'000);
  EXPECT_EQ(labels(scale, 6), "1|10|100|1000|10k|100k");
  EXPECT_EQ(labels(scale, 3), "1|100|10k");
  EXPECT_DOUBLE_EQ(scale.position(1), 0);
  EXPECT_DOUBLE_EQ(scale.position(1000), 0.6);
  EXPECT_FALSE(scale.shows(0));
  EXPECT_FALSE(scale.shows(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(labels({Axis::kLog, 0.002, 0.9}, 6), "0.001|0.01|0.1|1");
  // Less than a decade: round numbers between the ends.
  EXPECT_EQ(labels({Axis::kLog, 20, 60}, 5), "20|30|40|50|60");
}

TEST(Axis, TimeTicksFollowTheCalendar) {
  const double january = 1672531200;  // 2023-01-01
  const double day = 86400;
  EXPECT_EQ(labels({Axis::kTime, january, january + 365 * day}, 5),
            "Jan 2023|Apr 2023|Jul 2023|Oct 2023|Jan 2024");
  EXPECT_EQ(labels({Axis::kTime, january, january + 3 * day}, 5), "1 Jan 2023|2 Jan|3 Jan|4 Jan");
  EXPECT_EQ(labels({Axis::kTime, january, january + 14 * 3600}, 5),
            "1 Jan|03:00|06:00|09:00|12:00");
  EXPECT_EQ(labels({Axis::kTime, january, january + 40 * 365 * day}, 5), "2030|2040|2050|2060");
  // Weeks begin on Monday: 2 January 2023 was one.
  EXPECT_EQ(labels({Axis::kTime, january, january + 28 * day}, 5),
            "2 Jan 2023|9 Jan|16 Jan|23 Jan");
}

TEST(Axis, TimesThatNobodyMeansStillMakeAnAxis) {
  EXPECT_LT(AxisScale(Axis::kTime, -1e30, 1e30).ticks(5).size(), 30u);
  EXPECT_FALSE(value_text(Axis::kTime, 1e30).empty());
}

TEST(Axis, DegenerateEndsStillMakeAnAxis) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Axis kind : {Axis::kLinear, Axis::kLog, Axis::kTime})
    for (const auto& [low, high] : {std::pair{nan, nan}, {5.0, 5.0}, {0.0, 0.0}, {7.0, 2.0}}) {
      const AxisScale scale(kind, low, high);
      EXPECT_LT(scale.low(), scale.high());
      EXPECT_TRUE(std::isfinite(scale.position(scale.low())));
      EXPECT_LT(scale.ticks(6).size(), 20u);
    }
}

TEST(Axis, ValuesInWords) {
  EXPECT_EQ(value_text(Axis::kLinear, 1234567), "1,234,567");
  EXPECT_EQ(value_text(Axis::kLog, 0.045678), "0.04568");
  EXPECT_EQ(value_text(Axis::kTime, 1672531200), "2023-01-01");
  EXPECT_EQ(value_text(Axis::kTime, 1672531200 + 3660), "2023-01-01 01:01");
  EXPECT_EQ(value_text(Axis::kTime, -86400), "1969-12-31");
  EXPECT_EQ(value_text(Axis::kLinear, std::numeric_limits<double>::infinity()), "-");
}

}  // namespace
}  // namespace crossfade
