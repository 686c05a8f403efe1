// The knobs of items that share attributes.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"

namespace crossfade {

struct AttributesConfig {
  std::string by;
  double idf = 1;
  double popularity = 0.3;
  std::int64_t label_items = 2000;
  HistoryUse use{0, 0.9, "log"};

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("by", by, any_text(),
         "which attributes count, and how much: artist,album:0.5; empty: all with labels, 1 each");
    knob("idf", idf, between(0, 4).tuned(0, 2),
         "power of log(1 + items / items of a label) that a label counts");
    knob("popularity", popularity, between(0, 2).tuned(0, 1),
         "power of 1 + an item's users that its score is multiplied by");
    knob("label_items", label_items, between(1, 1e9),
         "so many items of a label may be recommended for it, those of most users first");
    use.knobs(knob);
  }
};

}  // namespace crossfade
