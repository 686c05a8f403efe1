// Comparison: do two lists of recommendations differ, on the same users?
//
// Per metric the difference b - a per user, its bootstrap interval, the paired t test and the
// smallest difference that this many users could have shown (base/statistics.h). Metrics of all
// lists together (coverage) have a difference only.
#pragma once

#include <string>
#include <vector>

#include "crossfade/evaluation/eval_report.h"

namespace crossfade {

struct MetricComparison {
  std::string name;  // "ndcg@10"
  PairedComparison paired;
};

struct Comparison {
  std::int64_t users = 0;
  BootstrapOptions bootstrap;
  std::vector<MetricComparison> metrics;  // those that both reports have
};

// Both reports must be on the same truth; data invalid if their users differ.
Result<Comparison> compare(const EvalReport& a, const EvalReport& b,
                           const BootstrapOptions& options, ThreadPool& threads);

// {"users": N, "metrics": {"ndcg@10": {"a": .., "b": .., "difference": .., "low": .., "high": ..,
// "p_value": .., "minimum_detectable_effect": ..}, ..}, "bootstrap": {..}}
Json to_json(const Comparison& comparison);
// What to_json wrote. Data invalid if it is something else.
Result<Comparison> comparison_from_json(const Json& json);

}  // namespace crossfade
