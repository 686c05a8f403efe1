// Moments: days and lengths of time as a user writes them, in nanoseconds as columns hold them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

// A log whose times are days may say the order within each (io/schema.h): a place from 0 to this
// is added to the time as nanoseconds, which stays within the first second of its day.
inline constexpr std::int64_t kMostOrder = 999'999'999;

// Whether all times lie in the first second of a day, and not all in that of the same one: then
// what lies between two times of a day is an order, and no length of time.
bool are_days(std::span<const std::int64_t> times_ns);
// The first nanosecond of the day of a time not before 1970.
std::int64_t midnight_of(std::int64_t time_ns);

}  // namespace crossfade
