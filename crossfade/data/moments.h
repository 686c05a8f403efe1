// Moments: days and lengths of time as a user writes them, in nanoseconds as columns hold them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace crossfade {

// "2022-12-01" is the first nanosecond of that day, UTC, since 1970; nothing if it is no day of the
// calendar from 1900 to 2200.
std::optional<std::int64_t> parse_day(const std::string& text);

// "30s", "45m", "12h", "7d", "2w": a whole number above 0 and a unit; nothing if it is none, or
// longer than 200 years.
std::optional<std::int64_t> parse_length(const std::string& text);

// later - earlier, or the largest number if that does not fit; later >= earlier.
std::int64_t time_between(std::int64_t earlier_ns, std::int64_t later_ns);

}  // namespace crossfade
