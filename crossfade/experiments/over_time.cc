// Looks add sessions to running sums per user in the order in which they ended.
#include "crossfade/experiments/over_time.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace crossfade {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kEvenLooks = 20;
constexpr std::size_t kLeastDays = 5;    // fewer are too few looks
constexpr std::size_t kMostLooks = 400;  // where there are more days
constexpr std::size_t kSessionsInOrder = 50;
constexpr std::size_t kUsersOfAPoint = 20;

std::int64_t day_of(std::int64_t time_ms) {
  return time_ms >= 0 ? time_ms / kDayMs : -((-time_ms + kDayMs - 1) / kDayMs);
}

// Values of a metric in every arm.
std::vector<ArmMean> arm_means(const UserSums& sums, const Dealt& dealt, const UserMetric& metric) {
  std::vector<ArmMean> means;
  for (const UserSums& arm : split_by_arm(sums, dealt))
    means.push_back(arm_mean(metric_values(metric, arm).values));
  return means;
}

// Places of the sessions in the order in which they ended.
std::vector<std::size_t> by_end(const SessionList& sessions) {
  std::vector<std::size_t> order(sessions.users.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sessions.ends_ms[a] < sessions.ends_ms[b];
  });
  return order;
}

// How many sessions, in the order of their ends, each look sees.
std::vector<std::size_t> places_of_looks(const SessionList& sessions,
                                         const std::vector<std::size_t>& order,
                                         std::int64_t looks) {
  std::vector<std::size_t> places;
  const auto end_day = [&](std::size_t i) { return day_of(sessions.ends_ms[order[i]]); };
  if (order.empty()) return places;
  if (looks == 0) {
    for (std::size_t i = 1; i < order.size(); ++i)
      if (end_day(i) != end_day(i - 1)) places.push_back(i);
    places.push_back(order.size());
    if (places.size() >= kLeastDays && places.size() <= kMostLooks) return places;
    looks = places.size() > kMostLooks ? static_cast<std::int64_t>(kMostLooks) : kEvenLooks;
    places.clear();
  }
  const auto count = static_cast<std::size_t>(looks);
  for (std::size_t look = 1; look <= count; ++look) {
    const std::size_t place = order.size() * look / count;
    if (place > 0 && (places.empty() || places.back() != place)) places.push_back(place);
  }
  return places;
}

// Sums per user that grow session by session.
class RunningSums {
 public:
  explicit RunningSums(std::size_t users) : row_of_user_(users, -1) {}

  void add(const SessionList& sessions, std::size_t i) {
    std::int64_t& row = row_of_user_[static_cast<std::size_t>(sessions.users[i])];
    if (row < 0) {
      row = static_cast<std::int64_t>(sums_.size());
      sums_.add_user(sessions.users[i]);
    }
    sums_.add_session(static_cast<std::size_t>(row), sessions, i);
  }
  const UserSums& sums() const { return sums_; }

 private:
  std::vector<std::int64_t> row_of_user_;
  UserSums sums_;
};

// Weighted least squares of the days' effects over the days' numbers.
void add_trend(TreatmentDays& days) {
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0, base = 0;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < days.comparisons.size(); ++i) {
    const ArmComparison& day = days.comparisons[i];
    if (!(day.standard_error > 0)) continue;
    const double weight = 1 / (day.standard_error * day.standard_error);
    const double x = static_cast<double>((days.days_ms[i] - days.days_ms[0]) / kDayMs);
    w += weight;
    wx += weight * x;
    wy += weight * day.difference;
    wxx += weight * x * x;
    wxy += weight * x * day.difference;
    base += weight * day.control.mean;
    ++count;
  }
  const double spread = wxx - wx * wx / w;
  if (count < 3 || !(spread > 0) || base == 0) return;
  const double slope = (wxy - wx * wy / w) / spread;
  days.trend_percent = 100 * slope / std::abs(base / w);
  days.trend_p = 2 * normal_cdf(-std::abs(slope) * std::sqrt(spread));
}

}  // namespace

std::vector<TreatmentLooks> look_over_time(const SessionList& sessions, const Dealt& dealt,
                                           const UserMetric& metric, const LookOptions& options) {
  const std::vector<std::size_t> order = by_end(sessions);
  const double treatments = static_cast<double>(std::max<std::int64_t>(dealt.num_arms - 1, 1));
  const double alpha = options.alpha / treatments;
  std::vector<TreatmentLooks> result;
  std::vector<SequentialTest> tests;
  for (std::int64_t k = 1; k < dealt.num_arms; ++k) {
    result.push_back({static_cast<TreatmentIndex>(k), {}});
    tests.emplace_back(options.planned_users, alpha);
  }
  RunningSums running(dealt.arm_of_user.size());
  std::size_t seen = 0;
  for (const std::size_t place : places_of_looks(sessions, order, options.looks)) {
    for (; seen < place; ++seen) running.add(sessions, order[seen]);
    const std::vector<ArmMean> means = arm_means(running.sums(), dealt, metric);
    for (std::size_t k = 0; k < result.size(); ++k) {
      Look look = tests[k].look(compare_arms(means[0], means[k + 1], 1 - alpha));
      look.end_ms = sessions.ends_ms[order[place - 1]];
      look.sessions = static_cast<std::int64_t>(place);
      result[k].looks.push_back(look);
    }
  }
  return result;
}

std::vector<TreatmentDays> effects_by_day(const SessionList& sessions, const Dealt& dealt,
                                          const UserMetric& metric, double confidence) {
  std::map<std::int64_t, std::vector<std::size_t>> days;
  for (std::size_t i = 0; i < sessions.starts_ms.size(); ++i)
    days[day_of(sessions.starts_ms[i])].push_back(i);
  std::vector<TreatmentDays> result;
  for (std::int64_t k = 1; k < dealt.num_arms; ++k)
    result.emplace_back().treatment = static_cast<TreatmentIndex>(k);
  for (const auto& [day, places] : days) {
    const UserSums sums = sum_by_user(select_sessions(sessions, places));
    const std::vector<ArmMean> means = arm_means(sums, dealt, metric);
    for (std::size_t k = 0; k < result.size(); ++k) {
      result[k].days_ms.push_back(day * kDayMs);
      result[k].comparisons.push_back(compare_arms(means[0], means[k + 1], confidence));
    }
  }
  for (TreatmentDays& of_treatment : result) add_trend(of_treatment);
  return result;
}

std::vector<SessionsInOrder> sessions_in_order(const SessionList& sessions, const Dealt& dealt) {
  const auto arms = static_cast<std::size_t>(dealt.num_arms);
  using Values = std::vector<std::vector<double>>;  // by the session's place
  std::vector<Values> tracks(arms, Values(kSessionsInOrder)), times = tracks;
  std::size_t place = 0;
  for (std::size_t i = 0; i < sessions.users.size(); ++i) {
    place = i > 0 && sessions.users[i] == sessions.users[i - 1] ? place + 1 : 0;
    const TreatmentIndex arm = dealt.arm_of_user[static_cast<std::size_t>(sessions.users[i])];
    if (arm == kNoTreatment || place >= kSessionsInOrder) continue;
    tracks[static_cast<std::size_t>(arm)][place].push_back(static_cast<double>(sessions.tracks[i]));
    times[static_cast<std::size_t>(arm)][place].push_back(sessions.times[i]);
  }
  std::vector<SessionsInOrder> result;
  for (std::size_t arm = 0; arm < arms; ++arm) {
    SessionsInOrder in_order{static_cast<TreatmentIndex>(arm), {}, {}};
    for (std::size_t k = 0; k < kSessionsInOrder; ++k) {
      if (tracks[arm][k].size() < kUsersOfAPoint) break;
      in_order.tracks.push_back(arm_mean(tracks[arm][k]));
      in_order.times.push_back(arm_mean(times[arm][k]));
    }
    result.push_back(std::move(in_order));
  }
  return result;
}

}  // namespace crossfade
