// Values: the kinds of a log's events and their weights: ratings, counts, shares of a play, skips.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct ValueExploration {
  std::array<std::int64_t, 256> by_kind{};  // all of kind 0 if the log has one kind
  bool has_kinds = false;
  std::vector<std::string> kind_names;  // by number; see kind_names.h
  // Of the weights. A weight of 0 is an event that does not count as liking: a skip.
  std::int64_t zero_weights = 0;
  float least = 0, greatest = 0;
  double mean = 0;
  // The distinct weights, rising, and their events, if there are at most 32 (ratings, say).
  struct Value {
    float weight;
    std::int64_t events;
  };
  std::vector<Value> distinct;
};

// One pass on all threads; the same for any number of them.
ValueExploration explore_values(const Domain& domain, ThreadPool& threads);

}  // namespace crossfade
