// The knobs of the contextual network: its shape. Those of its training stand beside its trainer's
// name in crossfade-neural.
#pragma once

#include <cstdint>

#include "crossfade/base/knobs.h"

namespace crossfade {

struct ContextualConfig {
  std::int64_t dimensions = 64;
  bool users = true;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("dimensions", dimensions, between(1, 2048).tuned_log(16, 256), "numbers per item");
    knob("users", users, yes_or_no(),
         "learn a vector for each user too, which is added to the starting item's");
  }
};

}  // namespace crossfade
