// Reads days of the calendar and lengths of time; every number is checked before it is multiplied.
#include "crossfade/data/moments.h"

#include <chrono>
#include <limits>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDayNs = 86'400 * kSecondNs;
constexpr std::int64_t kLongestSeconds = 200LL * 366 * 86'400;

std::int64_t seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    case 'w':
      return 7 * 86'400;
    default:
      return 0;
  }
}

}  // namespace

std::optional<std::int64_t> parse_day(const std::string& text) {
  const auto fields = split(text, '-');
  if (text.size() != 10 || fields.size() != 3 || fields[0].size() != 4 || fields[1].size() != 2)
    return std::nullopt;
  const auto year = parse_int(fields[0]), month = parse_int(fields[1]), day = parse_int(fields[2]);
  if (!year || !month || !day || *year < 1900 || *year > 2200 || *month < 1 || *day < 1)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::nanoseconds(std::chrono::sys_days(date).time_since_epoch()).count();
}

std::optional<std::int64_t> parse_length(const std::string& text) {
  if (text.size() < 2) return std::nullopt;
  const std::int64_t unit = seconds_of(text.back());
  const auto number = parse_int(text.substr(0, text.size() - 1));
  if (unit == 0 || !number || *number < 1 || *number > kLongestSeconds / unit) return std::nullopt;
  return *number * unit * kSecondNs;
}

std::int64_t time_between(std::int64_t earlier_ns, std::int64_t later_ns) {
  std::int64_t length = 0;
  return __builtin_sub_overflow(later_ns, earlier_ns, &length)
             ? std::numeric_limits<std::int64_t>::max()
             : length;
}

bool are_days(std::span<const std::int64_t> times_ns) {
  bool several = false;
  for (const std::int64_t time : times_ns) {
    if (time < 0 || time % kDayNs > kMostOrder) return false;
    several |= midnight_of(time) != midnight_of(times_ns[0]);
  }
  return several;
}

std::int64_t midnight_of(std::int64_t time_ns) {
  return time_ns - time_ns % kDayNs;
}

}  // namespace crossfade
