// SplitReport: how large the parts of a split are, how much of them is new to train, and whether
// train knows the future. Numbers that differ from a paper's are seen here first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/data/dataset_size.h"
#include "crossfade/data/splits/split.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct PartReport {
  std::string name;  // "test": the name of its folder or file
  DatasetSize size;
  bool has_times = false;
  std::int64_t first_ns = 0, last_ns = 0;
  // Of validation and test (0 for the others): the shares of users without history in train or
  // fold-in, of items that train has not, and of interactions of either.
  double cold_users = 0, cold_items = 0, cold_rows = 0;
  // The share of interactions no later than train's last one. A cut in time has 0; anything else
  // lets a model learn from what happened after the moment that it is asked about.
  double overlap = 0;
};

struct SplitReport {
  std::vector<PartReport> parts;  // train, validation, test, and the fold-in parts there are
  std::int64_t rows_dropped = 0;  // in no part, by the rule, the target or cold users and items
};

SplitReport report_split(const Split& split, ThreadPool& threads);

TableBlock split_table(const SplitReport& report);
// {"parts": {"train": {..}, ..}, "rows_dropped": ..}
Json to_json(const SplitReport& report);

}  // namespace crossfade
