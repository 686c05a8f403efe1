// The knobs of EASE.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

struct EaseConfig {
  double l2 = 100;
  std::int64_t neighbours = 1000;
  std::string weighting = "binary";
  std::string precision = "float";
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("l2", l2, between(1e-6, 1e9).tuned_log(5, 2000),
         "strength of the regularisation, in users: added to how many met an item");
    knob("neighbours", neighbours, between(0, 1000000),
         "so many weights of largest magnitude are kept per item; 0: all");
    knob("weighting", weighting, pair_weightings(), kPairWeightingHelp);
    knob("precision", precision, one_of({"float", "double"}),
         "numbers of the matrix that is inverted; double takes twice the memory and time");
    use.knobs(knob);
  }
};

}  // namespace crossfade
