// The table of metrics.
#include "crossfade/experiments/user_metric.h"

#include <cmath>

#include "crossfade/base/text.h"
#include "crossfade/experiments/arm_comparison.h"

namespace crossfade {

const std::vector<UserMetric>& all_user_metrics() {
  static const std::vector<UserMetric> metrics = {
      {"time", "time of all a user's sessions", &UserSums::times, nullptr, false, true},
      {"sessions", "sessions of a user", &UserSums::sessions, nullptr, false, true},
      {"mean_request_latency", "milliseconds per request, by user", &UserSums::latencies_ms,
       &UserSums::tracks, false, true},
      {"mean_tracks_per_session", "tracks per session, by user", &UserSums::tracks,
       &UserSums::sessions, false, true},
      {"mean_time_per_session", "time per session, by user", &UserSums::times, &UserSums::sessions,
       false, true},
      {"time_per_session", "time per session, over all sessions", &UserSums::times,
       &UserSums::sessions, true, false},
      {"tracks_per_session", "tracks per session, over all sessions", &UserSums::tracks,
       &UserSums::sessions, true, false},
      {"time_per_track", "share of a track that is heard, over all tracks", &UserSums::times,
       &UserSums::tracks, true, false},
      {"latency_per_request", "milliseconds per request, over all requests",
       &UserSums::latencies_ms, &UserSums::tracks, true, false},
  };
  return metrics;
}

Result<UserMetric> find_user_metric(const std::string& name) {
  std::vector<std::string> known;
  for (const UserMetric& metric : all_user_metrics()) {
    if (metric.name == name) return metric;
    known.push_back(metric.name);
  }
  return unknown_name("metric of experiments", name, known);
}

MetricValues metric_values(const UserMetric& metric, const UserSums& sums) {
  MetricValues result;
  for (std::size_t row = 0; row < sums.size(); ++row) {
    const double numerator = (sums.*metric.numerator)[row];
    const double denominator = metric.denominator ? (sums.*metric.denominator)[row] : 1;
    if (!std::isfinite(numerator)) continue;
    result.users.push_back(sums.users[row]);
    const bool is_kept_apart = metric.is_ratio_of_sums;
    result.numerators.push_back(is_kept_apart ? numerator : numerator / denominator);
    result.denominators.push_back(is_kept_apart ? denominator : 1);
  }
  result.values = metric.is_ratio_of_sums ? linearised_ratio(result.numerators, result.denominators)
                                          : result.numerators;
  return result;
}

}  // namespace crossfade
