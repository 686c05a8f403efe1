// Users' rows are in the order of time, so a user's first row is their first event, and a user is
// counted once per day wherever the day changes.
#include "crossfade/data/exploration/explore_time.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace crossfade {
namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000, kHourNs = 3'600'000'000'000;
constexpr std::int32_t kNever = std::numeric_limits<std::int32_t>::max();

std::int64_t day_of(std::int64_t time_ns) {
  const std::int64_t day = time_ns / kDayNs;
  return time_ns % kDayNs < 0 ? day - 1 : day;
}

// Days since 1970 that the log covers, and the month of each, counted from the first.
struct Calendar {
  std::int64_t first_day = 0;
  std::vector<std::int32_t> month_of_day;
  std::vector<std::int64_t> month_starts_s;

  std::size_t num_days() const { return month_of_day.size(); }
};

Calendar make_calendar(std::int64_t first_day, std::int64_t last_day) {
  Calendar calendar;
  calendar.first_day = first_day;
  int month = -1;
  for (std::int64_t day = first_day; day <= last_day; ++day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    const int number =
        static_cast<int>(date.year()) * 12 + static_cast<int>(unsigned(date.month()));
    if (number != month) {
      const std::chrono::sys_days start = date.year() / date.month() / 1;
      calendar.month_starts_s.push_back(start.time_since_epoch().count() * std::int64_t{86'400});
      month = number;
    }
    calendar.month_of_day.push_back(static_cast<std::int32_t>(calendar.month_starts_s.size()) - 1);
  }
  return calendar;
}

// What one thread has seen. Sums of whole numbers do not depend on who adds them up.
struct alignas(64) Tally {
  std::vector<Period> days, months;
  std::array<std::int64_t, 24> by_hour{};
  std::vector<std::int32_t> first_day_of_item;  // from calendar.first_day; kNever
};

void tally_user(const Domain& domain, const Calendar& calendar, std::size_t begin, std::size_t end,
                Tally& tally) {
  std::int64_t before_day = -1;
  std::int32_t before_month = -1;
  for (std::size_t row = begin; row < end; ++row) {
    const std::int64_t time = domain.time_ns[row], day = day_of(time);
    const auto at = static_cast<std::size_t>(day - calendar.first_day);
    ++tally.by_hour[static_cast<std::size_t>((time - day * kDayNs) / kHourNs)];
    ++tally.days[at].events;
    std::int32_t& first = tally.first_day_of_item[static_cast<std::size_t>(domain.item[row])];
    first = std::min(first, static_cast<std::int32_t>(at));
    if (day == before_day && row > begin) continue;
    before_day = day;
    ++tally.days[at].users;
    const std::int32_t month = calendar.month_of_day[at];
    if (month != before_month) ++tally.months[static_cast<std::size_t>(month)].users;
    before_month = month;
    if (row > begin) continue;
    ++tally.days[at].new_users;
    ++tally.months[static_cast<std::size_t>(month)].new_users;
  }
}

void add_periods(const std::vector<Period>& from, std::vector<Period>& to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i].events += from[i].events;
    to[i].users += from[i].users;
    to[i].new_users += from[i].new_users;
  }
}

void count_new_items(const Calendar& calendar, const std::vector<Tally>& tallies,
                     TimeExploration& time) {
  for (std::size_t item = 0; item < tallies[0].first_day_of_item.size(); ++item) {
    std::int32_t first = kNever;
    for (const Tally& tally : tallies) first = std::min(first, tally.first_day_of_item[item]);
    if (first == kNever) continue;
    ++time.days[static_cast<std::size_t>(first)].new_items;
    ++time.months[static_cast<std::size_t>(calendar.month_of_day[static_cast<std::size_t>(first)])]
          .new_items;
  }
}

TimeExploration folded(const Calendar& calendar, const std::vector<Tally>& tallies) {
  TimeExploration time;
  time.days.resize(calendar.num_days());
  time.months.resize(calendar.month_starts_s.size());
  for (const Tally& tally : tallies) {
    add_periods(tally.days, time.days);
    add_periods(tally.months, time.months);
    for (std::size_t hour = 0; hour < 24; ++hour) time.by_hour[hour] += tally.by_hour[hour];
  }
  for (std::size_t m = 0; m < time.months.size(); ++m)
    time.months[m].start_s = calendar.month_starts_s[m];
  for (std::size_t d = 0; d < time.days.size(); ++d) {
    const std::int64_t day = calendar.first_day + static_cast<std::int64_t>(d);
    time.days[d].start_s = day * 86'400;
    time.months[static_cast<std::size_t>(calendar.month_of_day[d])].events += time.days[d].events;
    // 1970 began on a Thursday, three days after a Monday.
    time.by_weekday[static_cast<std::size_t>(((day + 3) % 7 + 7) % 7)] += time.days[d].events;
  }
  count_new_items(calendar, tallies, time);
  return time;
}

// First and last day of the log, from the first and last row of each user.
std::pair<std::int64_t, std::int64_t> covered_days(const Domain& domain) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = -first;
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    const auto begin = static_cast<std::size_t>(domain.offsets[user]);
    const auto end = static_cast<std::size_t>(domain.offsets[user + 1]);
    if (begin == end) continue;
    first = std::min(first, domain.time_ns[begin]);
    last = std::max(last, domain.time_ns[end - 1]);
  }
  return {day_of(first), day_of(last)};
}

}  // namespace

bool TimeExploration::has_hours() const {
  return std::count_if(by_hour.begin(), by_hour.end(), [](auto events) { return events > 0; }) > 1;
}

TimeExploration explore_time(const Domain& domain, ThreadPool& threads) {
  if (domain.time_ns.empty()) return {};
  const auto [first_day, last_day] = covered_days(domain);
  const Calendar calendar = make_calendar(first_day, last_day);
  std::vector<Tally> tallies(static_cast<std::size_t>(threads.num_threads()));
  for (Tally& tally : tallies) {
    tally.days.resize(calendar.num_days());
    tally.months.resize(calendar.month_starts_s.size());
    tally.first_day_of_item.assign(static_cast<std::size_t>(domain.items.size()), kNever);
  }
  threads.parallel_for(static_cast<std::int64_t>(domain.offsets.size()) - 1, 512,
                       [&](std::int64_t begin, std::int64_t end, int worker) {
                         Tally& tally = tallies[static_cast<std::size_t>(worker)];
                         for (auto user = static_cast<std::size_t>(begin);
                              user < static_cast<std::size_t>(end); ++user)
                           tally_user(domain, calendar,
                                      static_cast<std::size_t>(domain.offsets[user]),
                                      static_cast<std::size_t>(domain.offsets[user + 1]), tally);
                       });
  return folded(calendar, tallies);
}

}  // namespace crossfade
