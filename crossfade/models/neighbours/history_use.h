// HistoryUse: which items of a history count, and how much, for models that score an item by what
// it has to do with those the user met (models/neighbours). The knobs stand once, here; every such
// generator has them beside its own.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/data/history.h"
#include "crossfade/models/neighbours/kind_weights.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

struct HistoryUse {
  std::int64_t last = 0;
  double fading = 1;
  std::string history_weighting = "binary";
  KindWeights kinds = {};

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("last", last, between(0, 100000),
         "only so many of the items that the user met last speak for him; 0: all");
    knob("fading", fading, between(1e-6, 1).tuned(0.5, 1),
         "what an item counts against the one that the user met after it");
    knob("history_weighting", history_weighting, one_of({"binary", "linear", "log"}),
         "an item of the history counts 1, the sum r of its weights, or log(1 + r)");
    kinds.knobs(knob);
  }

  // The distinct items of positive weight and what each counts, the one met last first. Indices
  // outside [0, num_items) are left out. `sums` is empty before and after.
  template <class Sums>
  std::vector<ScoredItem> weigh(const History& history, std::int64_t num_items, Sums& sums) const {
    sums.expect(history.size());
    for (std::size_t i = history.size(); i-- > 0;) {
      const float weight = kinds.weight(history, i);
      if (history.items[i] >= 0 && history.items[i] < num_items && weight > 0)
        sums.add(history.items[i], weight);
    }
    std::vector<ScoredItem> weighed;
    weighed.reserve(history.size());
    float share = 1;
    sums.take([&](ItemIndex item, float sum) {
      if (last > 0 && std::ssize(weighed) == last) return;
      weighed.push_back({item, share * counts(sum)});
      share *= static_cast<float>(fading);
    });
    return weighed;
  }

 private:
  float counts(float sum) const {
    return history_weighting == "binary"   ? 1
           : history_weighting == "linear" ? sum
                                           : std::log1p(sum);
  }
};

}  // namespace crossfade
