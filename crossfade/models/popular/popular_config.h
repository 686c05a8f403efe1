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
  std::string segment = "";
  double smoothing = 10;
  std::string category = "";
  std::int64_t category_items = 1000;
  double global_share = 0.05;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("count", count, one_of({"users", "events"}).tuned(),
         "users: everyone counts once for an item; events: every event counts");
    knob("window_days", window_days, between(0, 36500).tuned_log(1, 730),
         "only events of the last days before the newest one; 0: all time");
    knob("half_life_days", half_life_days, between(0, 36500).tuned_log(0.5, 365),
         "an event counts half after so many days; 0: events do not age");
    knob("segment", segment, any_text(),
         "attribute of users (country): what those of one value take; empty: all alike");
    knob("smoothing", smoothing, between(1e-6, 1e9),
         "a segment counts as if so many users more had come, who take what all take");
    knob("category", category, any_text(),
         "attribute of items (genre): what is popular in the user's own; empty: all alike");
    knob("category_items", category_items, between(1, 1e9), "kept per category, the best");
    knob("global_share", global_share, between(0, 1),
         "of popularity among all items beside that in the user's categories");
  }
};

}  // namespace crossfade
