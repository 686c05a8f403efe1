// Rhythm: when things happen over the days of a world, as a monotone map from shares to time.
//
// Activity has a profile over the hours of a day, and weekends weigh more or less. Share x in
// [0, 1] of all activity is reached at time_ms(x): uniform shares become times that follow the
// profile, and sorted shares stay sorted.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace crossfade {

// Midnight (UTC) of 15 January 2023, a Sunday: the first day of a world that names no other.
constexpr std::int64_t kFirstDayMs = 1673740800000;
constexpr std::int64_t kHourMs = 3600000;

class Rhythm {
 public:
  // `hours`: relative activity of each hour of the day, > 0. `weekend`: what Saturdays and Sundays
  // weigh against other days.
  // `first_day_ms`: a midnight since 1970.
  Rhythm(std::int64_t days, const std::array<double, 24>& hours, double weekend,
         std::int64_t first_day_ms = kFirstDayMs);

  // Milliseconds since 1970 at which share x of the activity is over; x is clamped to [0, 1].
  std::int64_t time_ms(double x) const;

 private:
  std::int64_t first_day_ms_;
  std::vector<double> reached_;  // share of the activity before each hour; starts 0, ends 1
};

}  // namespace crossfade
