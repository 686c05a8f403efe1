// An effect over time: looks as the data came in, days apart, sessions in their order.
#pragma once

#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/experiments/sequential.h"
#include "crossfade/experiments/user_metric.h"

namespace crossfade {

struct TreatmentLooks {
  TreatmentIndex treatment = 1;
  std::vector<Look> looks;
};

struct LookOptions {
  std::int64_t looks = 0;  // evenly by sessions; 0: at the end of every day, or 20 where those are
                           // fewer than 5, or 400 where they are more
  std::int64_t planned_users = 10'000;
  double alpha = 0.05;  // shared by all treatments (Bonferroni)
};
// At each look all sessions that had ended by then. A session that still runs does not count.
std::vector<TreatmentLooks> look_over_time(const SessionList& sessions, const Dealt& dealt,
                                           const UserMetric& metric, const LookOptions& options);

// The effect of each day (UTC) by itself: novelty wears off, habits form.
struct TreatmentDays {
  TreatmentIndex treatment = 1;
  std::vector<std::int64_t> days_ms;  // midnights
  std::vector<ArmComparison> comparisons;
  // A line through the days' effects, each weighed by its precision: percent of the control's mean
  // per day, and the two-sided p-value of no trend. NaN for fewer than three days.
  double trend_percent = kNotANumber, trend_p = kNotANumber;
};
std::vector<TreatmentDays> effects_by_day(const SessionList& sessions, const Dealt& dealt,
                                          const UserMetric& metric, double confidence);

// The k-th sessions of an arm's users, as the seminars draw them; until fewer than 20 users have
// one, or 50 are shown.
struct SessionsInOrder {
  TreatmentIndex arm = 0;
  std::vector<ArmMean> tracks, times;
};
std::vector<SessionsInOrder> sessions_in_order(const SessionList& sessions, const Dealt& dealt);

}  // namespace crossfade
