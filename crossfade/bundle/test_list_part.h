// A named file of lists that was never on disk, for the tests of bundles and flows. Only tests
// include it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/bundle/bundle_lists.h"

namespace crossfade {

// keys[l] has lists[l]; a ranking has no keys and one list.
inline ListPart list_part(const std::string& name, ListsBy by, std::vector<std::int64_t> keys,
                          const std::vector<std::vector<std::int64_t>>& lists) {
  ListPart part{name, {}, name + ".json"};
  part.lists.by = by;
  std::vector<std::int64_t> items;
  for (const auto& list : lists) {
    items.insert(items.end(), list.begin(), list.end());
    part.lists.offsets.push_back(static_cast<std::int64_t>(items.size()));
  }
  part.lists.keys = std::move(keys);
  part.lists.items = std::move(items);
  return part;
}

}  // namespace crossfade
