// The knobs of the popular items.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"

namespace crossfade {

struct PopularConfig {
  std::string count = "users";
  double window_days = 0;
  double half_life_days = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("count", count, one_of({"users", "events"}).tuned(),
         "users: everyone counts once for an item; events: every event counts");
    knob("window_days", window_days, between(0, 36500).tuned_log(1, 730),
         "only events of the last days before the newest one; 0: all time");
    knob("half_life_days", half_life_days, between(0, 36500).tuned_log(0.5, 365),
         "an event counts half after so many days; 0: events do not age");
  }
};

}  // namespace crossfade
