// Sums the profile hour by hour and inverts the sum by bisection.
#include "crossfade/synth/rhythm.h"

#include <algorithm>

namespace crossfade {

Rhythm::Rhythm(std::int64_t days, const std::array<double, 24>& hours, double weekend,
               std::int64_t first_day_ms)
    : first_day_ms_(first_day_ms) {
  // 1 January 1970 was a Thursday.
  const std::int64_t first_weekday = (first_day_ms / (24 * kHourMs) + 4) % 7;
  reached_.push_back(0);
  for (std::int64_t hour = 0; hour < days * 24; ++hour) {
    const std::int64_t weekday = (first_weekday + hour / 24) % 7;  // 0 and 6: Sunday and Saturday
    const double day = weekday == 0 || weekday == 6 ? weekend : 1;
    reached_.push_back(reached_.back() + day * hours[static_cast<std::size_t>(hour % 24)]);
  }
  const double total = reached_.back();
  for (double& share : reached_) share /= total;
}

std::int64_t Rhythm::time_ms(double x) const {
  const double share = std::clamp(x, 0.0, 1.0);
  const auto after = std::upper_bound(reached_.begin() + 1, reached_.end() - 1, share);
  const auto hour = after - reached_.begin() - 1;
  const double inside = (share - after[-1]) / (after[0] - after[-1]);
  return first_day_ms_ +
         static_cast<std::int64_t>((static_cast<double>(hour) + inside) * double{kHourMs});
}

}  // namespace crossfade
