// DatasetSummary: what a dataset holds, in numbers; report/ and the command line show it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct DomainSummary {
  std::string name;
  std::int64_t items = 0;         // in the vocabulary
  std::int64_t active_items = 0;  // with at least one interaction
  std::int64_t active_users = 0;
  std::int64_t interactions = 0;
  std::int64_t longest_history = 0;
  double mean_history = 0;  // interactions per active user; 0 if there is none
  double density = 0;       // interactions / (active users * active items), repeats counted
  bool has_times = false;
  std::int64_t first_ns = 0, last_ns = 0;  // of the times, if there are any
};

struct DatasetSummary {
  std::int64_t users = 0;
  std::int64_t users_in_all_domains = 0;  // with interactions in each
  std::vector<DomainSummary> domains;
};

// One pass over the columns.
DatasetSummary summarize(const Dataset& dataset);

}  // namespace crossfade
