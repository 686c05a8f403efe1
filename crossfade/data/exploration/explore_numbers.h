// Numbers: the prices, years or lengths of a domain's items: how many have one, and where they lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct NumberExploration {
  std::string attribute;                // "price"
  std::int64_t items = 0, missing = 0;  // of the vocabulary: with a finite number, and without
  bool whole = true;                    // no number has a fraction
  // 0 if no item has a number. A quantile is the least number that at least that share of the items
  // does not exceed.
  double mean = 0;
  float least = 0, q25 = 0, median = 0, q75 = 0, greatest = 0;
};

// One entry per attribute of numbers, in their order. A sort of the numbers of each.
std::vector<NumberExploration> explore_numbers(const Domain& domain);

}  // namespace crossfade
