// The one list of metrics. A line X(name) stands for the file metric_<name>.cc, which defines
// MetricEntry <name>_metric(). Reports show them in this order.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/evaluation/metric.h"

#define CROSSFADE_METRICS(X) \
  X(ndcg)                    \
  X(recall)                  \
  X(recall_capped)           \
  X(precision)               \
  X(hit_rate)                \
  X(mrr)                     \
  X(map)                     \
  X(coverage)                \
  X(novelty)                 \
  X(surprisal)

namespace crossfade {

std::vector<MetricEntry> all_metrics();

// The entries of these names, in the order of the list; no names means all. An unknown name is a
// usage error that says which there are.
Result<std::vector<MetricEntry>> find_metrics(const std::vector<std::string>& names);

}  // namespace crossfade
