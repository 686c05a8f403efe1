// ExperimentResult: everything an analysis found, as numbers; and the analysis itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/experiments/aa_check.h"
#include "crossfade/experiments/arm_comparison.h"
#include "crossfade/experiments/corrections.h"
#include "crossfade/experiments/over_time.h"
#include "crossfade/experiments/sample_ratio.h"
#include "crossfade/experiments/sequential.h"
#include "crossfade/experiments/user_metric.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct ExperimentOptions {
  std::string metric = "mean_time_per_session";  // of looks, days, segments
  double alpha = 0.05;                           // in (0, 1)
  Correction correction = Correction::kHolm;     // over the treatments, metric by metric
  std::vector<double> weights = {};              // the arms' promised shares; empty: equal
  std::int64_t resamples = 1000;                 // of the bootstrap; 0: none
  std::int64_t aa_trials = 1000;                 // 0: none
  std::int64_t looks = 0;                        // 0: as look_over_time has it
  std::int64_t planned_users = 10'000;           // where the always-valid intervals are narrowest
  std::uint64_t seed = 0;
};

// A division of the users, known before the experiment; "" is in no segment.
struct UserSegments {
  std::string name;
  std::vector<std::string> of_user;  // by UserIndex
};

struct ExperimentInput {
  std::string name;             // of the experiment
  const SessionList& sessions;  // during the experiment
  const Dealt& dealt;
  const UserSums* past = nullptr;  // before it, under the same user indices
  std::vector<UserSegments> segments = {};
};

struct ArmSummary {
  std::int64_t users = 0, sessions = 0, tracks = 0;
  double time = 0;
};

// One metric of one treatment against the control.
struct MetricEffect {
  UserMetric metric;
  TreatmentIndex treatment = 1;
  ArmComparison comparison;
  double adjusted_p = kNotANumber;
  Interval bootstrap_percent;               // of the relative effect
  double detectable_percent = kNotANumber;  // smallest effect found with probability 0.8
  std::optional<ArmComparison> cuped;       // where there is a past
  double cuped_correlation = kNotANumber;
  bool is_significant(double alpha) const { return adjusted_p < alpha; }
};

struct SegmentEffect {
  std::string segmentation, segment;
  TreatmentIndex treatment = 1;
  ArmComparison comparison;
};

struct AaOfMetric {
  std::string metric;
  AaCheck check;
};

struct ExperimentResult {
  std::string name;
  ExperimentOptions options;
  std::vector<ArmSummary> arms;  // control first
  std::int64_t users_in_several = 0, users_in_none = 0, users_dealt_otherwise = 0;
  SampleRatio sample_ratio;
  std::int64_t users_with_past = 0;
  std::vector<MetricEffect> effects;  // by treatment, then in the order of metrics
  std::vector<TreatmentLooks> looks;  // of options.metric
  std::vector<TreatmentDays> days;
  std::vector<SessionsInOrder> in_order;
  std::vector<SegmentEffect> segments;
  std::vector<AaOfMetric> aa;
  std::vector<std::string> warnings;
  // Filled in by whoever read the log.
  TrafficReport traffic;
  SessionReport session_report;
};

// Usage errors: an unknown metric (names the nearest), numbers out of range, another number of
// weights than of arms. Data invalid: the control or all treatments have no user with a finished
// session.
Result<ExperimentResult> analyze_experiment(const ExperimentInput& input,
                                            const ExperimentOptions& options, Context& context);

// Thirds of the users by their sessions before the experiment ("few", "some", "many"), and "new".
UserSegments activity_segments(const UserSums& past, const Dealt& dealt);

// {"all_effects": [{"treatment": "T1", "metric": "time", "control_mean": .., "treatment_mean": ..,
// "effect_pct": .., "lower_pct": .., "upper_pct": .., "significant": true}, ..]}: what the
// published checker prints, of its five metrics and without a correction.
Json checker_json(const ExperimentResult& result);
Json to_json(const ExperimentResult& result);
// Short, for a terminal; and the page with plots.
Document brief_document(const ExperimentResult& result);
Document full_document(const ExperimentResult& result);

}  // namespace crossfade
