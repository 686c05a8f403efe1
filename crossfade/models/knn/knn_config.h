// The knobs of item-item nearest neighbours.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/kept_neighbours.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

struct KnnConfig {
  std::string similarity = "cosine";
  std::int64_t neighbours = 100;
  std::string best_of = "row";
  double shrinkage = 0;
  std::string weighting = "binary";
  double k1 = 1.2;
  double b = 0.75;
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("similarity", similarity, one_of({"cosine", "tfidf", "bm25", "dot", "jaccard"}).tuned(),
         "how alike two items are, by the users that met both");
    knob("neighbours", neighbours, between(1, 100000).tuned_log(10, 1000),
         "at most so many per item");
    knob("best_of", best_of, kept_neighbours(), kKeptNeighboursHelp);
    knob("shrinkage", shrinkage, between(0, 1e9).tuned(0, 100),
         "added to what the common users are divided by: few of them say little");
    knob("weighting", weighting, pair_weightings(), kPairWeightingHelp);
    knob("k1", k1, between(0, 1000), "bm25: how soon more of the same counts no more");
    knob("b", b, between(0, 1), "bm25: how far popular items are held back");
    use.knobs(knob);
  }
};

}  // namespace crossfade
