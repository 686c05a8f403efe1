// The knobs of sparse EASE.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

struct SparseEaseConfig {
  double l2 = 50;
  std::int64_t candidates = 200;
  std::string weighting = "binary";
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("l2", l2, between(1e-6, 1e9).tuned_log(5, 2000),
         "strength of the regularisation, in users: added to how many met an item");
    knob("candidates", candidates, between(1, 10000).tuned_log(30, 500),
         "so many items of the largest correlation may speak for an item");
    knob("weighting", weighting, pair_weightings(), kPairWeightingHelp);
    use.knobs(knob);
  }
};

}  // namespace crossfade
