// Counts of both parts first, then shares.
#include "crossfade/data/exploration/explore_drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "crossfade/data/dataset_size.h"
#include "crossfade/data/exploration/explore_time.h"
#include "crossfade/data/exploration/explore_values.h"

namespace crossfade {
namespace {

constexpr std::size_t kTenths = 10;
constexpr std::int64_t kTop = 100;
constexpr double kLeastShare = 1e-6;

// The index before of each id after, kUnknown if there is none.
std::vector<std::int32_t> match(const Vocabulary& before, const Vocabulary& after,
                                ThreadPool& threads) {
  std::vector<std::int32_t> matched(static_cast<std::size_t>(after.size()));
  threads.parallel_for(after.size(), 4096, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      matched[at] =
          after.is_text() ? before.find(after.texts()[at]) : before.find(after.numbers()[at]);
    }
  });
  return matched;
}

std::vector<std::size_t> by_falling_count(const std::vector<std::int64_t>& counts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });
  return order;
}

// Group of each item before: the tenth of all events that it falls into when items are put in the
// order of falling popularity; kTenths if it has no event.
std::vector<std::size_t> popularity_groups(const std::vector<std::int64_t>& counts) {
  const std::int64_t all = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::vector<std::size_t> groups(counts.size(), kTenths);
  std::int64_t sum = 0;
  for (const std::size_t item : by_falling_count(counts)) {
    if (counts[item] == 0) break;
    const double share = static_cast<double>(sum) / static_cast<double>(all);
    groups[item] = std::min(kTenths - 1, static_cast<std::size_t>(share * kTenths));
    sum += counts[item];
  }
  return groups;
}

template <class Counts>
std::vector<double> shares_of(const Counts& counts) {
  double all = 0;
  for (const auto count : counts) all += static_cast<double>(count);
  std::vector<double> shares;
  for (const auto count : counts) shares.push_back(all > 0 ? static_cast<double>(count) / all : 0);
  return shares;
}

ShareShift popularity_shift(const std::vector<std::int64_t>& before,
                            const std::vector<std::int64_t>& after,
                            const std::vector<std::int32_t>& item_before) {
  const std::vector<std::size_t> groups = popularity_groups(before);
  std::array<std::int64_t, kTenths + 1> then{}, now{};
  for (std::size_t item = 0; item < before.size(); ++item) then[groups[item]] += before[item];
  for (std::size_t item = 0; item < after.size(); ++item) {
    const std::int32_t known = item_before[item];
    now[known < 0 ? kTenths : groups[static_cast<std::size_t>(known)]] += after[item];
  }
  ShareShift shift{"popularity of items", {}, shares_of(then), shares_of(now)};
  for (std::size_t tenth = 0; tenth < kTenths; ++tenth)
    shift.groups.push_back(tenth == 0             ? "top tenth"
                           : tenth == kTenths - 1 ? "last tenth"
                                                  : std::to_string(tenth + 1) + ".");
  shift.groups.emplace_back("new");
  measure(shift);
  return shift;
}

void add_time_shifts(const Domain& before, const Domain& after, ThreadPool& threads,
                     std::vector<ShareShift>& shifts) {
  if (before.time_ns.empty() || after.time_ns.empty()) return;
  const TimeExploration then = explore_time(before, threads), now = explore_time(after, threads);
  if (then.has_hours()) {
    ShareShift hours{"hour of the day (UTC)", {}, shares_of(then.by_hour), shares_of(now.by_hour)};
    for (int hour = 0; hour < 24; ++hour) hours.groups.push_back(std::to_string(hour));
    measure(hours);
    shifts.push_back(std::move(hours));
  }
  ShareShift days{"day of the week",
                  {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                  shares_of(then.by_weekday),
                  shares_of(now.by_weekday)};
  measure(days);
  shifts.push_back(std::move(days));
}

void add_kind_shift(const Domain& before, const Domain& after, ThreadPool& threads,
                    std::vector<ShareShift>& shifts) {
  if (before.kind.empty() || after.kind.empty()) return;
  const ValueExploration then = explore_values(before, threads);
  const ValueExploration now = explore_values(after, threads);
  ShareShift kinds{"kind of event", {}, {}, {}};
  std::vector<std::int64_t> counts_then, counts_now;
  for (std::size_t kind = 0; kind < 256; ++kind) {
    if (then.by_kind[kind] + now.by_kind[kind] == 0) continue;
    kinds.groups.push_back(std::to_string(kind));
    counts_then.push_back(then.by_kind[kind]);
    counts_now.push_back(now.by_kind[kind]);
  }
  kinds.before = shares_of(counts_then);
  kinds.after = shares_of(counts_now);
  measure(kinds);
  shifts.push_back(std::move(kinds));
}

void count_top(const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& after,
               const std::vector<std::int32_t>& item_before, Drift& drift) {
  std::vector<std::uint8_t> was_top(before.size(), 0);
  std::int64_t marked = 0;
  for (const std::size_t item : by_falling_count(before)) {
    if (marked == kTop || before[item] == 0) break;
    was_top[item] = 1;
    ++marked;
  }
  drift.top = marked;
  std::int64_t looked = 0;
  for (const std::size_t item : by_falling_count(after)) {
    if (looked++ == marked || after[item] == 0) break;
    const std::int32_t known = item_before[item];
    drift.top_kept += known >= 0 ? was_top[static_cast<std::size_t>(known)] : 0;
  }
}

}  // namespace

void measure(ShareShift& shift) {
  shift.psi = shift.kl = 0;
  for (std::size_t i = 0; i < shift.before.size(); ++i) {
    const double p = std::max(shift.before[i], kLeastShare);
    const double q = std::max(shift.after[i], kLeastShare);
    shift.psi += (q - p) * std::log(q / p);
    shift.kl += q * std::log(q / p);
  }
}

Drift explore_drift(const DriftInput& before, const DriftInput& after, ThreadPool& threads) {
  Drift drift;
  const Domain &then = before.domain, &now = after.domain;
  const auto user_before = match(before.users, after.users, threads);
  const auto item_before = match(then.items, now.items, threads);
  const auto items_then = count_items(then, threads), items_now = count_items(now, threads);
  drift.events_before = then.num_interactions();
  drift.events_after = now.num_interactions();
  for (std::size_t user = 0; user + 1 < now.offsets.size(); ++user) {
    const std::int64_t events = now.offsets[user + 1] - now.offsets[user];
    if (events == 0) continue;
    ++drift.users_after;
    if (!then.history(user_before[user]).empty()) continue;
    ++drift.new_users;
    drift.events_of_new_users += events;
  }
  for (std::size_t item = 0; item < items_now.size(); ++item) {
    if (items_now[item] == 0) continue;
    ++drift.items_after;
    const std::int32_t known = item_before[item];
    if (known >= 0 && items_then[static_cast<std::size_t>(known)] > 0) continue;
    ++drift.new_items;
    drift.events_of_new_items += items_now[item];
  }
  count_top(items_then, items_now, item_before, drift);
  drift.shifts.push_back(popularity_shift(items_then, items_now, item_before));
  add_time_shifts(then, now, threads, drift.shifts);
  add_kind_shift(then, now, threads, drift.shifts);
  return drift;
}

}  // namespace crossfade
