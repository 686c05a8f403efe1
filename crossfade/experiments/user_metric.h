// The metrics of an experiment: the five published ones, and the ratios of sums beside them.
//
// The published ones are means over users of a user's sum or of a user's own ratio, so a user with
// one session speaks as loudly as one with a hundred. A ratio of sums counts every session (or
// track) once: "time per session" of the whole arm.
#pragma once

#include <string>
#include <vector>

#include "crossfade/experiments/user_sums.h"

namespace crossfade {

struct UserMetric {
  using Column = std::vector<double> UserSums::*;
  std::string name, meaning;
  Column numerator = nullptr, denominator = nullptr;  // no denominator: the sum itself
  bool is_ratio_of_sums = false;                      // else a mean of users' own ratios
  bool is_published = false;
};

// In the order of tables: time, sessions, mean_request_latency, mean_tracks_per_session,
// mean_time_per_session; then time_per_session, tracks_per_session, time_per_track,
// latency_per_request.
const std::vector<UserMetric>& all_user_metrics();
// A usage error names the nearest.
Result<UserMetric> find_user_metric(const std::string& name);

// A metric of some users, one value for each; users whose value is not known (no latencies in the
// log) are left out. Values of a ratio of sums are linearised (arm_comparison.h).
struct MetricValues {
  std::vector<UserIndex> users;
  std::vector<double> values;
  std::vector<double> numerators, denominators;  // denominators of 1 where there are none
};
MetricValues metric_values(const UserMetric& metric, const UserSums& sums);

}  // namespace crossfade
