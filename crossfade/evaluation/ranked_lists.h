// RankedLists: recommendations as the metrics read them, users and items by index, best first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/data/candidates.h"

namespace crossfade {

// List l is for users[l] and holds rows offsets[l] to offsets[l + 1] of items. A view: it costs
// nothing to make from Candidates or from RankedLists, and lives no longer than they do.
struct ListsView {
  std::span<const UserIndex> users;
  std::span<const std::int64_t> offsets;
  std::span<const ItemIndex> items;

  std::int64_t num_lists() const { return static_cast<std::int64_t>(users.size()); }
  std::span<const ItemIndex> list(std::int64_t l) const {
    const auto at = static_cast<std::size_t>(l);
    return items.subspan(static_cast<std::size_t>(offsets[at]),
                         static_cast<std::size_t>(offsets[at + 1] - offsets[at]));
  }
  // Offsets rise and fit, indices within the given counts, one list per user; data invalid names
  // the first list that breaks one. (An item twice in a list is found while scoring.)
  Status check(std::int64_t num_users, std::int64_t num_items) const;
};

struct RankedLists {
  std::vector<UserIndex> users;
  std::vector<std::int64_t> offsets{0};
  std::vector<ItemIndex> items;

  ListsView view() const { return {users, offsets, items}; }
};

inline ListsView view_of(const Candidates& candidates) {
  return {candidates.users, candidates.offsets, candidates.items};
}

}  // namespace crossfade
