// The knobs of nearest items by given vectors.
#pragma once

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"

namespace crossfade {

struct ContentConfig {
  bool centred = false;
  double popularity = 0;
  HistoryUse use{0, 0.9, "log"};

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("centred", centred, yes_or_no().tuned(),
         "the mean of all items is taken off first: what they have in common says nothing");
    knob("popularity", popularity, between(0, 2).tuned(0, 0.5),
         "power of 1 + an item's users that its score is multiplied by");
    use.knobs(knob);
  }
};

}  // namespace crossfade
