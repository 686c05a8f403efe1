// Numbers: the prices, years or lengths of items, the ages of users: how many have one, and where
// they lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/item_table.h"

namespace crossfade {

struct NumberExploration {
  std::string attribute;  // "price"
  // Of the vocabulary, of items or of users: with a finite number, and without.
  std::int64_t known = 0, missing = 0;
  bool whole = true;  // no number has a fraction
  // 0 if none has a number. A quantile is the least number that at least that share of those who
  // have one does not exceed.
  double mean = 0;
  float least = 0, q25 = 0, median = 0, q75 = 0, greatest = 0;
};

// One entry per attribute of numbers, in their order. A sort of the numbers of each.
std::vector<NumberExploration> explore_numbers(const ItemTable& about);

}  // namespace crossfade
