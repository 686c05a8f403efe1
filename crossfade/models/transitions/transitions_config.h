// The knobs of transitions of second order. Those of the first order are co-visitation's, which is
// what is backed off to.
#pragma once

#include <cstdint>

#include "crossfade/base/knobs.h"
#include "crossfade/models/covisit/covisit_config.h"

namespace crossfade {

struct TransitionsConfig {
  double pair_weight = 2;
  double pair_trust = 1;
  std::int64_t pair_window = 3;
  std::int64_t pair_plays = 1;
  std::int64_t pair_followers = 50;
  CovisitConfig first;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("pair_weight", pair_weight, between(0, 1e6).tuned_log(0.1, 30),
         "what the followers of the last two items count beside those of single items");
    knob("pair_trust", pair_trust, between(0, 1e6).tuned_log(0.1, 30),
         "a pair of n plays counts n / (n + this): rare pairs are left to single items");
    knob("pair_window", pair_window, between(1, 1000).tuned_log(1, 10),
         "plays at most so far behind a pair follow it");
    knob("pair_plays", pair_plays, between(1, 1e9), "a pair needs at least so many plays");
    knob("pair_followers", pair_followers, between(1, 100000), "at most so many per pair");
    first.knobs(knob);
  }
};

}  // namespace crossfade
