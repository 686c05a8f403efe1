// Rhythm: shares of activity become times that follow the profile.
#include "crossfade/synth/rhythm.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

std::array<double, 24> flat() {
  std::array<double, 24> hours;
  hours.fill(1);
  return hours;
}

TEST(Rhythm, AFlatProfileIsAStraightLine) {
  const Rhythm rhythm(10, flat(), 1);
  EXPECT_EQ(rhythm.time_ms(0), kFirstDayMs);
  EXPECT_EQ(rhythm.time_ms(0.25), kFirstDayMs + 60 * kHourMs);
  EXPECT_EQ(rhythm.time_ms(1), kFirstDayMs + 240 * kHourMs);
  EXPECT_EQ(rhythm.time_ms(-1), rhythm.time_ms(0));
  EXPECT_EQ(rhythm.time_ms(2), rhythm.time_ms(1));
}

TEST(Rhythm, BusyHoursTakeMoreOfTheShares) {
  auto hours = flat();
  hours[12] = 25;  // noon has 25 of a day's 48 units, and 12 of them come before
  const Rhythm rhythm(1, hours, 1);
  EXPECT_EQ(rhythm.time_ms(12.0 / 48), kFirstDayMs + 12 * kHourMs);
  EXPECT_EQ(rhythm.time_ms(24.5 / 48), kFirstDayMs + 12 * kHourMs + kHourMs / 2);
}

TEST(Rhythm, WeekendsWeighWhatTheyAreSaidTo) {
  const Rhythm rhythm(7, flat(), 2);  // Sunday first: 2 + 5 + 2 units
  EXPECT_NEAR(static_cast<double>(rhythm.time_ms(2.0 / 9) - kFirstDayMs), 24.0 * kHourMs, 2);
  EXPECT_NEAR(static_cast<double>(rhythm.time_ms(7.0 / 9) - kFirstDayMs), 144.0 * kHourMs, 2);
}

TEST(Rhythm, LargerSharesNeverComeEarlier) {
  auto hours = flat();
  hours[3] = 1e-3;
  const Rhythm rhythm(3, hours, 0.5);
  for (int i = 0; i < 5000; ++i)
    EXPECT_LE(rhythm.time_ms(i / 5000.0), rhythm.time_ms((i + 1) / 5000.0));
}

}  // namespace
}  // namespace crossfade
