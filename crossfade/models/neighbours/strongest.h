// The entries of a row that matter most where scores of both signs do: those of largest magnitude.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "crossfade/models/scored.h"

namespace crossfade {

// Leaves the k entries of largest magnitude (equal ones by the least index; k = 0: all), sorted as
// ItemNeighbours has its rows: the largest score first, then the least index.
inline void keep_strongest(std::vector<ScoredItem>& row, std::int64_t k) {
  if (k > 0 && k < std::ssize(row)) {
    const auto stronger = [](const ScoredItem& a, const ScoredItem& b) {
      const float x = std::abs(a.score), y = std::abs(b.score);
      return x != y ? x > y : a.item < b.item;
    };
    std::nth_element(row.begin(), row.begin() + (k - 1), row.end(), stronger);
    row.resize(static_cast<std::size_t>(k));
  }
  std::sort(row.begin(), row.end(), better);
}

}  // namespace crossfade
