// The knobs of GF-CF.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

struct GfcfConfig {
  std::int64_t factors = 256;
  double alpha = 0.3;
  std::int64_t iterations = 8;
  std::int64_t neighbours = 2000;
  std::string weighting = "binary";
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("factors", factors, between(1, 4096).tuned_log(32, 512),
         "so many singular vectors make the ideal low-pass filter");
    knob("alpha", alpha, between(0, 1000).tuned(0, 1),
         "what that filter counts beside the products of items; 0: not at all");
    knob("iterations", iterations, between(1, 1000),
         "how often the subspace of the singular vectors is refined");
    knob("neighbours", neighbours, between(0, 1000000),
         "so many weights of largest magnitude are kept per item; 0: all");
    knob("weighting", weighting, pair_weightings(), kPairWeightingHelp);
    use.knobs(knob);
  }
};

}  // namespace crossfade
