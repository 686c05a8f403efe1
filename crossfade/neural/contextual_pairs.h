// What the contextual network learns from: of every session, its first item with each later one and
// the share of it that was played. Pairs are dealt at random into 80, 10 and 10 of a hundred.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct ContextualPair {
  UserIndex user = kUnknown;
  ItemIndex start = kUnknown, track = kUnknown;
  float rate = 0;
};

struct ContextualPairs {
  std::vector<ContextualPair> train, validation, test;
};

// Skips count: they are the low rates. Errors (data invalid): a log without sessions; no session
// with a second item; too few pairs for three parts.
Result<ContextualPairs> make_pairs(const Domain& domain, std::uint64_t seed);

// Takes `mean` from the rates of all three parts.
void centre(ContextualPairs& pairs, double mean);
double mean_rate(std::span<const ContextualPair> pairs);
// Of answering `guess` always.
double mean_square_error(std::span<const ContextualPair> pairs, double guess);

}  // namespace crossfade
