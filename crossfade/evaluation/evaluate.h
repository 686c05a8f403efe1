// evaluate(): ranked lists against the truth, all metrics at all k in one pass over the lists.
//
// One mark per item tells whether it is in the user's truth and whether the list had it already, so
// a row costs one access to memory; metrics then read the places of the hits. Linear in rows, plus
// the bootstrap. Memory: one 32-bit mark per item and thread, one double per user, metric and k.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/vocabulary.h"
#include "crossfade/evaluation/eval_report.h"
#include "crossfade/evaluation/ranked_lists.h"
#include "crossfade/evaluation/train_counts.h"
#include "crossfade/evaluation/truth.h"

namespace crossfade {

struct EvalInput {
  ListsView lists;
  const Truth& truth;
  std::int64_t num_users = 0;  // user indices of lists and truth lie in [0, num_users)
  std::int64_t num_items = 0;
  // Coverage, novelty and surprisal need it; without it they are left out and a warning says so.
  const TrainCounts* train = nullptr;
  // To name users and items in errors; may be null.
  const Vocabulary* user_ids = nullptr;
  const Vocabulary* item_ids = nullptr;
};

struct EvalOptions {
  std::vector<std::int64_t> ks{10};
  std::vector<std::string> metrics;  // names of metric_list.h; empty: all that the input allows
  BootstrapOptions bootstrap;        // resamples = 0: no intervals, for early stopping
};

// The same report for any number of threads. Errors: k below 1, an unknown metric or one that needs
// the absent train part (usage); a truth without rows, an item twice in a list, indices out of
// range (data invalid); interrupted.
Result<EvalReport> evaluate(const EvalInput& input, const EvalOptions& options, Context& context);

}  // namespace crossfade
