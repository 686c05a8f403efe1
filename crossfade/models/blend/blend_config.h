// The knobs of a blend.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"

namespace crossfade {

struct BlendConfig {
  std::string by = "reciprocal_rank";
  std::int64_t depth = 200;
  double rank_constant = 60;
  std::int64_t cold_events = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("by", by, one_of({"reciprocal_rank", "scores", "quota", "interleave"}).tuned(),
         "reciprocal_rank: sums of weight / (rank_constant + place); scores: sums of weight x the "
         "list's scores from 0 to 1; quota: so many places each; interleave: in turn");
    knob("depth", depth, between(1, 100'000).tuned_log(20, 1000),
         "items that each list gives, if k is not more");
    knob("rank_constant", rank_constant, between(0, 1e6).tuned_log(1, 500),
         "of reciprocal_rank: the larger, the less the first places count");
    knob("cold_events", cold_events, between(0, 1'000'000'000),
         "users with at most so many events, in all domains together, are answered by the "
         "fallbacks alone");
  }
};

}  // namespace crossfade
