// Places: items in the order of popularity, the most popular first. Who sums over pairs of items
// works on places, so that what is hit most lies together.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct Places {
  std::vector<ItemIndex> item_at;   // by place
  std::vector<std::int32_t> place;  // by item
};

// By the number of users, then by index.
inline Places by_popularity(const SparseMatrix& users) {
  std::vector<std::int64_t> count(static_cast<std::size_t>(users.columns));
  for (const std::int32_t item : users.indices) ++count[static_cast<std::size_t>(item)];
  Places places;
  places.item_at.resize(count.size());
  std::iota(places.item_at.begin(), places.item_at.end(), 0);
  std::stable_sort(places.item_at.begin(), places.item_at.end(), [&](ItemIndex a, ItemIndex b) {
    return count[static_cast<std::size_t>(a)] > count[static_cast<std::size_t>(b)];
  });
  places.place.resize(count.size());
  for (std::size_t p = 0; p < count.size(); ++p)
    places.place[static_cast<std::size_t>(places.item_at[p])] = static_cast<std::int32_t>(p);
  return places;
}

}  // namespace crossfade
