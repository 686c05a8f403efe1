// DatasetSize: how much a dataset holds, in the three numbers that papers print, for the reports of
// filters and splits.
#pragma once

#include <cstdint>

#include "crossfade/base/json.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct DatasetSize {
  std::int64_t rows = 0;   // interactions of all domains
  std::int64_t users = 0;  // with at least one of them
  std::int64_t items = 0;  // with at least one of them, summed over the domains

  bool operator==(const DatasetSize&) const = default;
};

// One pass over the columns, on all threads.
DatasetSize measure(const Dataset& dataset, ThreadPool& threads);

// The users with at least one interaction, in any domain, rising.
std::vector<UserIndex> active_users(const Dataset& dataset);

// Interactions per item of a domain, repeats counted.
std::vector<std::int64_t> count_items(const Domain& domain, ThreadPool& threads);

// {"rows": .., "users": .., "items": ..}
Json to_json(const DatasetSize& size);

}  // namespace crossfade
