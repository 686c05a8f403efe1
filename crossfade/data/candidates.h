// Candidates: lists of recommended items, the type that every generator hands on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

// List l is for users[l] and holds rows offsets[l] to offsets[l+1], best first.
struct Candidates {
  std::vector<UserIndex> users;
  std::vector<std::int64_t> offsets{0};
  std::vector<ItemIndex> items;
  std::vector<float> scores;           // never rising within a list
  std::vector<std::uint16_t> sources;  // index into source_names, one per row
  std::vector<std::string> source_names;

  std::int64_t num_lists() const { return static_cast<std::int64_t>(users.size()); }
  std::span<const ItemIndex> list(std::int64_t l) const {
    const auto at = static_cast<std::size_t>(l);
    return {items.data() + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
  }
  std::span<const float> list_scores(std::int64_t l) const {
    const auto at = static_cast<std::size_t>(l);
    return {scores.data() + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
  }
  // Offsets rise and fit, no item twice in a list, indices within the given counts, sources named,
  // scores finite and not rising; data invalid names the first list that breaks one. Linear.
  Status check(std::int64_t num_users, std::int64_t num_items) const;
};

}  // namespace crossfade
