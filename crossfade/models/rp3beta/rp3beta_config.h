// The knobs of RP3beta.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/kept_neighbours.h"

namespace crossfade {

struct Rp3betaConfig {
  double alpha = 0.6;
  double beta = 0.3;
  std::int64_t neighbours = 300;
  std::string best_of = "row";
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("alpha", alpha, between(0, 4).tuned(0.2, 1.5),
         "power of the probability of each step of the walk; small: long histories count more");
    knob("beta", beta, between(0, 4).tuned(0, 1),
         "power of the popularity by which an item's score is divided");
    knob("neighbours", neighbours, between(1, 100000).tuned_log(30, 1000),
         "at most so many per item");
    knob("best_of", best_of, kept_neighbours(), kKeptNeighboursHelp);
    use.knobs(knob);
  }
};

}  // namespace crossfade
