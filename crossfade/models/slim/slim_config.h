// The knobs of SLIM.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

struct SlimConfig {
  double l1 = 1;
  double l2 = 10;
  std::int64_t candidates = 200;
  bool positive = true;
  std::string weighting = "binary";
  std::int64_t iterations = 50;
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("l1", l1, between(0, 1e9).tuned_log(0.1, 30),
         "strength of the penalty on weights, in users; the more, the fewer weights");
    knob("l2", l2, between(0, 1e9).tuned_log(1, 500),
         "strength of the penalty on their squares, in users");
    knob("candidates", candidates, between(1, 10000).tuned_log(30, 500),
         "so many items of the largest cosine may speak for an item");
    knob("positive", positive, yes_or_no(), "items may speak for others only, not against them");
    knob("weighting", weighting, pair_weightings(), kPairWeightingHelp);
    knob("iterations", iterations, between(1, 10000),
         "at most so many rounds over an item's weights");
    use.knobs(knob);
  }
};

}  // namespace crossfade
