// Expands the list.
#include "crossfade/evaluation/metric_list.h"

#include <algorithm>

#include "crossfade/base/text.h"

namespace crossfade {

#define CROSSFADE_DECLARE_METRIC(name) MetricEntry name##_metric();
CROSSFADE_METRICS(CROSSFADE_DECLARE_METRIC)
#undef CROSSFADE_DECLARE_METRIC

std::int64_t ScoredList::hits(std::int64_t k) const {
  return std::upper_bound(hit_ranks.begin(), hit_ranks.end(), k) - hit_ranks.begin();
}

std::vector<MetricEntry> all_metrics() {
#define CROSSFADE_CALL_METRIC(name) name##_metric(),
  return {CROSSFADE_METRICS(CROSSFADE_CALL_METRIC)};
#undef CROSSFADE_CALL_METRIC
}

Result<std::vector<MetricEntry>> find_metrics(const std::vector<std::string>& names) {
  const std::vector<MetricEntry> all = all_metrics();
  if (names.empty()) return all;
  std::vector<std::string> known;
  for (const MetricEntry& entry : all) known.emplace_back(entry.name);
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return unknown_name("metric", name, known);
  std::vector<MetricEntry> found;
  for (const MetricEntry& entry : all)
    if (std::find(names.begin(), names.end(), entry.name) != names.end()) found.push_back(entry);
  return found;
}

}  // namespace crossfade
