// Time: how a log grows by day and month, and when in the day and week people listen or buy.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct Period {
  std::int64_t start_s = 0;  // its first second since 1970, UTC
  std::int64_t events = 0;
  std::int64_t users = 0;      // with an event in it
  std::int64_t new_users = 0;  // whose first event lies in it
  std::int64_t new_items = 0;  // whose first event lies in it
};

struct TimeExploration {
  std::vector<Period> days, months;  // from the first to the last, those without events too
  std::array<std::int64_t, 24> by_hour{};
  std::array<std::int64_t, 7> by_weekday{};  // from Monday on

  // False if all events fall into one hour: the log has days, or no times at all.
  bool has_hours() const;
};

// Empty for a domain without times. One pass on all threads; per thread 4 bytes per item.
TimeExploration explore_time(const Domain& domain, ThreadPool& threads);

}  // namespace crossfade
