// Guessing a unit works because a plausible second is no plausible millisecond: the four ranges
// from 1990 to 2100 do not meet.
#include "crossfade/io/log_times.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"

namespace crossfade {
namespace {

constexpr double kEarliestS = 631'152'000;  // 1990-01-01
constexpr double kLatestS = 4'102'444'800;  // 2100-01-01
constexpr double kNsPerSecond = 1e9;

// The smallest and largest value that is present, and where.
struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  std::size_t low_row = 0, high_row = 0;
};

template <class T>
Range find_range(const std::vector<T>& values, const std::vector<std::uint8_t>& nulls) {
  Range range;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!nulls.empty() && nulls[row] != 0) continue;
    const auto value = static_cast<double>(values[row]);
    if (value < range.low) {
      range.low = value;
      range.low_row = row;
    }
    if (value > range.high) {
      range.high = value;
      range.high_row = row;
    }
  }
  return range;
}

constexpr TimeUnit kUnits[] = {TimeUnit::kSeconds, TimeUnit::kMilliseconds, TimeUnit::kMicroseconds,
                               TimeUnit::kNanoseconds};

// Whether both ends lie between 1990 and 2100.
bool is_plausible(double low, double high, TimeUnit unit) {
  const double per_second = kNsPerSecond / static_cast<double>(ns_of(unit));
  return low >= kEarliestS * per_second && high < kLatestS * per_second;
}

Result<TimeUnit> guess_unit(const std::string& name, const Range& range, std::size_t first_row) {
  for (const TimeUnit unit : kUnits)
    if (is_plausible(range.low, range.high, unit)) return unit;
  return data_invalid(
      "the unit of the times in column '" + name + "' cannot be guessed: they run from " +
      format_number(range.low, 0) + " (row " + std::to_string(first_row + range.low_row) + ") to " +
      format_number(range.high, 0) + " (row " + std::to_string(first_row + range.high_row) +
      "), and in no unit do all lie between 1990 and 2100; say it with --time-unit");
}

// An error if an end of the range is a time only in another unit, or, where the unit was guessed,
// in none.
Status refuse_mixed_units(const std::string& name, const Range& range, std::size_t first_row,
                          TimeUnit unit, bool guessed) {
  for (const auto& [value, row] :
       {std::pair{range.low, range.low_row}, {range.high, range.high_row}}) {
    if (is_plausible(value, value, unit)) continue;
    const std::string place = "column '" + name + "', row " + std::to_string(first_row + row) +
                              ": " + format_number(value, 0) + " is no time in " + to_text(unit);
    for (const TimeUnit other : kUnits)
      if (is_plausible(value, value, other))
        return data_invalid(
            place + (guessed ? ", as those before it are," : "") + " but " +
            time_text(static_cast<std::int64_t>(value * static_cast<double>(ns_of(other)))) +
            " in " + to_text(other) + "; bring the times to one unit, or say it with --time-unit");
    if (guessed)
      return data_invalid(place +
                          ", as those before it are; say the unit with --time-unit, and "
                          "times that cannot be are dropped and counted");
  }
  return ok_status();
}

std::int64_t to_ns(std::int64_t value, std::int64_t ns_per_unit) {
  std::int64_t ns = 0;
  if (!__builtin_mul_overflow(value, ns_per_unit, &ns)) return ns;
  return value < 0 ? std::numeric_limits<std::int64_t>::min()
                   : std::numeric_limits<std::int64_t>::max();
}

std::int64_t to_ns(double value, std::int64_t ns_per_unit) {
  // Whole units and their fraction apart: the product of both has more digits than a double.
  constexpr double kTooLarge = 9.2e18;
  const double whole = std::floor(value);
  if (std::isnan(value)) return 0;
  if (std::abs(whole) * static_cast<double>(ns_per_unit) >= kTooLarge)
    return value < 0 ? std::numeric_limits<std::int64_t>::min()
                     : std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(whole) * ns_per_unit +
         std::llround((value - whole) * static_cast<double>(ns_per_unit));
}

// The unit that was said, and the one that earlier rows decided.
struct UnitChoice {
  TimeUnit said;
  TimeUnit& settled;
  std::int64_t first_row;
};

template <class T>
Result<std::vector<std::int64_t>> convert(const std::string& name, const std::vector<T>& values,
                                          std::vector<std::uint8_t>& nulls, UnitChoice choice,
                                          ImportReport& report) {
  if constexpr (std::is_floating_point_v<T>)
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (!std::isnan(values[row])) continue;
      nulls.resize(values.size());
      nulls[row] = 1;
    }
  const Range range = find_range(values, nulls);
  const auto first_row = static_cast<std::size_t>(choice.first_row);
  if (range.low > range.high) return std::vector<std::int64_t>(values.size());  // no value at all
  TimeUnit unit = choice.said == TimeUnit::kAuto ? choice.settled : choice.said;
  if (unit == TimeUnit::kAuto) {
    CROSSFADE_ASSIGN_OR_RETURN(unit, guess_unit(name, range, first_row));
    report.notes.push_back("times in column '" + name + "' are taken as " + to_text(unit) +
                           ", guessed from their size");
  } else {
    CROSSFADE_RETURN_IF_ERROR(
        refuse_mixed_units(name, range, first_row, unit, choice.said == TimeUnit::kAuto));
  }
  choice.settled = unit;
  const std::int64_t ns_per_unit = ns_of(unit);
  using Wide = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;
  std::vector<std::int64_t> times(values.size());
  for (std::size_t row = 0; row < values.size(); ++row)
    times[row] = to_ns(static_cast<Wide>(values[row]), ns_per_unit);
  return times;
}

// "2020-01-31 13:45:00Z" and "2020-01-31 13:45:00+03:00" name a zone.
bool names_zone(const std::string& text) {
  constexpr std::size_t kDayLength = 10;  // its dashes are none
  return text.ends_with('Z') || text.find_first_of("+-", kDayLength) != std::string::npos;
}

// Why a column that holds text holds no times; a reader makes text of what it cannot read as one.
Status text_for_times(const Column& column, const std::vector<std::string>& texts,
                      std::int64_t first_row) {
  std::optional<std::size_t> first;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const bool null = !column.nulls.empty() && column.nulls[row] != 0;
    const bool begins_with_day = texts[row].size() >= 10 && texts[row][4] == '-';
    if (null || !begins_with_day) continue;
    if (!first) first = row;
    if (names_zone(texts[row]) == names_zone(texts[*first])) continue;
    const auto place = [&](std::size_t at) {
      return "row " + std::to_string(first_row + static_cast<std::int64_t>(at)) + " ('" +
             printable(texts[at]) + "')";
    };
    return data_invalid(
        "column '" + column.name + "', " + place(row) +
        (names_zone(texts[row]) ? " names a time zone and " : " names no time zone and ") +
        place(*first) + (names_zone(texts[row]) ? " does not" : " does") +
        "; write all times with a zone, or none");
  }
  return data_invalid("column '" + column.name +
                      "' holds text where times are needed; convert it to timestamps (in CSV: "
                      "2020-01-31 13:45:00)");
}

}  // namespace

Result<std::vector<std::int64_t>> take_times(Column& column, TimeUnit unit, ImportReport& report) {
  TimeUnit settled = TimeUnit::kAuto;
  return take_times(column, unit, settled, 0, report);
}

Result<std::vector<std::int64_t>> take_times(Column& column, TimeUnit unit, TimeUnit& settled,
                                             std::int64_t first_row, ImportReport& report) {
  if (column.meaning == Column::Meaning::kTimestamp)
    return std::move(std::get<std::vector<std::int64_t>>(column.values));
  return std::visit(
      [&](auto& values) -> Result<std::vector<std::int64_t>> {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_arithmetic_v<T>) {
          return convert(column.name, values, column.nulls, {unit, settled, first_row}, report);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return text_for_times(column, values, first_row);
        } else {
          return data_invalid("column '" + column.name +
                              "' holds lists where times are needed; name another column");
        }
      },
      column.values);
}

std::string time_text(std::int64_t time_ns) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(time_ns)};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(floor<std::chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace crossfade
