// Round numbers and calendar steps, without a locale and without a time zone.
#include "crossfade/report/axis.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

using Axis = PlotBlock::Axis;

// The smallest of 1, 2, 5 times a power of ten that cuts `span` into at most `wanted` parts.
double round_step(double span, int wanted) {
  const double raw = span / std::max(1, wanted);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (power * factor >= raw * (1 - 1e-9)) return power * factor;
  return power * 10;
}

struct Unit {
  double size;
  const char* letter;
};
Unit unit_of(double largest) {
  if (largest >= 1e9) return {1e9, "G"};
  if (largest >= 1e6) return {1e6, "M"};
  if (largest >= 1e4) return {1e3, "k"};
  return {1, ""};
}

std::string tick_text(double value, double step, double largest) {
  if (largest < 1e-4) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.3g", value);
    return buffer;
  }
  const Unit unit = unit_of(largest);
  const int decimals =
      std::max(0, static_cast<int>(-std::floor(std::log10(step / unit.size) + 1e-9)));
  if (std::abs(value) < step * 1e-6) return "0";
  return format_number(value / unit.size, decimals) + unit.letter;
}

// A power of ten alone: "0.01", "100", "10k".
std::string power_text(double value) {
  if (value < 0.9e-4) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.0e", value);
    return buffer;
  }
  const Unit unit = unit_of(value * (1 + 1e-9));
  const double scaled = value / unit.size;
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(scaled) + 1e-9)));
  return format_number(scaled, decimals) + unit.letter;
}

constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
// Beyond these years seconds are somebody's mistake, and calendars overflow.
constexpr double kFirstSecond = -62135596800.0, kLastSecond = 253402300799.0;  // years 1 to 9999

struct Moment {
  std::chrono::year_month_day date;
  int hour, minute, second;
};
Moment moment_of(double seconds) {
  const auto whole =
      static_cast<std::int64_t>(std::floor(std::clamp(seconds, kFirstSecond, kLastSecond)));
  const std::int64_t day = whole >= 0 ? whole / 86400 : -((86399 - whole) / 86400);
  const auto rest = static_cast<int>(whole - day * 86400);
  return {std::chrono::sys_days(std::chrono::days(day)), rest / 3600, rest / 60 % 60, rest % 60};
}

std::string two_digits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string year_text(const Moment& moment) {
  return std::to_string(static_cast<int>(moment.date.year()));
}
std::string month_text(const Moment& moment) {
  return kMonths[static_cast<unsigned>(moment.date.month()) - 1];
}
std::string clock_text(const Moment& moment) {
  return two_digits(moment.hour) + ":" + two_digits(moment.minute);
}

double seconds_of(int year, int month) {
  const auto date = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / 1;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * kDay;
}

// First days of months, `step` months apart and counted from January.
std::vector<Tick> month_ticks(double low, double high, int step) {
  std::vector<Tick> ticks;
  const Moment first = moment_of(low);
  int year = static_cast<int>(first.date.year()), month = 1;
  if (step >= 12) year -= year % (step / 12);
  for (; year < 10000; month += step) {
    year += (month - 1) / 12;
    month = (month - 1) % 12 + 1;
    const double at = seconds_of(year, month);
    if (at > high) break;
    if (at < low) continue;
    std::string label = std::to_string(year);
    if (step < 12) label = kMonths[month - 1] + (" " + label);
    ticks.push_back({at, label});
  }
  return ticks;
}

}  // namespace

AxisScale::AxisScale(Kind kind, double low, double high) : kind_(kind), low_(low), high_(high) {
  const bool log = kind == Kind::kLog;
  if (!std::isfinite(low_) || !std::isfinite(high_) || (log && low_ <= 0)) {
    low_ = log ? 1 : 0;
    high_ = log ? 10 : 1;
  }
  if (low_ > high_) std::swap(low_, high_);
  if (kind == Kind::kTime) {
    low_ = std::clamp(low_, kFirstSecond, kLastSecond - kHour);
    high_ = std::clamp(high_, kFirstSecond, kLastSecond);
  }
  if (log)
    fit_log();
  else if (kind == Kind::kLinear)
    fit_linear();
  else if (high_ - low_ < 1)
    high_ = low_ + kHour;
}

void AxisScale::fit_linear() {
  if (!(high_ - low_ > 1e-12 * std::max(std::abs(low_), std::abs(high_)))) {
    const double around = low_ == 0 ? 1 : std::abs(low_) * 0.1;
    low_ = low_ == 0 ? 0 : low_ - around;
    high_ += around;
  }
  const double step = round_step(high_ - low_, 6);
  low_ = std::floor(low_ / step + 1e-9) * step;
  high_ = std::ceil(high_ / step - 1e-9) * step;
}

void AxisScale::fit_log() {
  if (high_ >= low_ * 10 || high_ == low_) {
    low_ = std::pow(10, std::floor(std::log10(low_) + 1e-9));
    high_ = std::pow(10, std::ceil(std::log10(high_) - 1e-9));
    if (high_ == low_) high_ *= 10;
  }
}

double AxisScale::position(double value) const {
  if (kind_ == Kind::kLog)
    return (std::log10(value) - std::log10(low_)) / (std::log10(high_) - std::log10(low_));
  return (value - low_) / (high_ - low_);
}

bool AxisScale::shows(double value) const {
  return std::isfinite(value) && (kind_ != Kind::kLog || value > 0);
}

std::vector<Tick> AxisScale::ticks(int wanted) const {
  if (kind_ == Kind::kLog) return log_ticks(wanted);
  return kind_ == Kind::kTime ? time_ticks(wanted) : linear_ticks(wanted);
}

std::vector<Tick> AxisScale::linear_ticks(int wanted) const {
  const double step = round_step(high_ - low_, wanted);
  const double largest = std::max(std::abs(low_), std::abs(high_));
  std::vector<Tick> ticks;
  const double first = std::ceil(low_ / step - 1e-9);
  for (double i = first; i * step <= high_ + step * 1e-9; ++i)
    ticks.push_back({i * step, tick_text(i * step, step, largest)});
  return ticks;
}

std::vector<Tick> AxisScale::log_ticks(int wanted) const {
  const double first = std::ceil(std::log10(low_) - 1e-9);
  const double last = std::floor(std::log10(high_) + 1e-9);
  if (last - first < 1) {
    AxisScale linear(Kind::kLinear, low_, high_);
    std::vector<Tick> ticks;
    for (Tick& tick : linear.linear_ticks(wanted))
      if (tick.value >= low_ && tick.value <= high_) ticks.push_back(std::move(tick));
    return ticks;
  }
  const double every = std::max(1.0, std::ceil((last - first) / std::max(1, wanted)));
  std::vector<Tick> ticks;
  for (double power = first; power <= last; power += every) {
    for (const int factor : {1, 2, 5}) {
      const double value = factor * std::pow(10, power);
      if (factor > 1 && (last - first > 2 || wanted < 4)) break;
      if (value <= high_ * (1 + 1e-9)) ticks.push_back({value, power_text(value)});
    }
  }
  return ticks;
}

std::vector<Tick> AxisScale::time_ticks(int wanted) const {
  const double span = high_ - low_;
  for (const double step : {1.0, 5.0, 15.0, 30.0, kMinute, 5 * kMinute, 15 * kMinute, 30 * kMinute,
                            kHour, 3 * kHour, 6 * kHour, 12 * kHour, kDay, 2 * kDay, 7 * kDay}) {
    if (span / step > wanted) continue;
    std::vector<Tick> ticks;
    // Weeks begin on Monday; 1970 began on a Thursday.
    const double shift = step == 7 * kDay ? 4 * kDay : 0;
    for (double at = std::ceil((low_ - shift) / step) * step + shift; at <= high_; at += step) {
      const Moment moment = moment_of(at);
      const bool midnight = moment.hour == 0 && moment.minute == 0 && moment.second == 0;
      std::string day =
          std::to_string(static_cast<unsigned>(moment.date.day())) + " " + month_text(moment);
      if (step >= kDay || midnight)
        ticks.push_back({at, ticks.empty() && step >= kDay ? day + " " + year_text(moment) : day});
      else
        ticks.push_back(
            {at, clock_text(moment) + (step < kMinute ? ":" + two_digits(moment.second) : "")});
    }
    return ticks;
  }
  int months = 1;
  for (const int step : {1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000}) {
    months = step;
    if (span / (step * 30.4 * kDay) <= wanted) break;
  }
  return month_ticks(low_, high_, months);
}

void Extent::cover(PlotBlock::Axis kind, std::span<const double> values) {
  for (const double value : values) {
    if (!std::isfinite(value) || (kind == Axis::kLog && value <= 0)) continue;
    if (std::isnan(low) || value < low) low = value;
    if (std::isnan(high) || value > high) high = value;
  }
}

Extent empty_extent() {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  return {kNothing, kNothing};
}

std::string value_text(PlotBlock::Axis kind, double value) {
  if (!std::isfinite(value)) return "-";
  if (kind == Axis::kTime) {
    const Moment moment = moment_of(value);
    std::string text = year_text(moment) + "-" +
                       two_digits(static_cast<int>(static_cast<unsigned>(moment.date.month()))) +
                       "-" + two_digits(static_cast<int>(static_cast<unsigned>(moment.date.day())));
    if (moment.hour + moment.minute + moment.second > 0) text += " " + clock_text(moment);
    if (moment.second > 0) text += ":" + two_digits(moment.second);
    return text;
  }
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return format_count(static_cast<std::int64_t>(value));
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4g", value);
  return buffer;
}

}  // namespace crossfade
