// What a pair of user and item counts, for generators that learn from pairs: the choices of their
// knob `weighting`, written once.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

inline KnobRange pair_weightings() {
  return one_of({"binary", "linear", "log"});
}
inline constexpr const char* kPairWeightingHelp =
    "a pair counts 1, the sum r of its weights, or log(1 + r)";

// Replaces the values of `users`, the sums of weights, by what they count.
inline void weigh_pairs(SparseMatrix& users, const std::string& weighting) {
  if (weighting == "linear") return;
  std::vector<float> values(users.indices.size(), 1);
  if (weighting == "log")
    for (std::size_t n = 0; n < values.size(); ++n) values[n] = std::log1p(users.values[n]);
  users.values = std::move(values);
}

}  // namespace crossfade
