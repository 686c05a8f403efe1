// Who took which item, counted: plays and distinct users per item, and plays per user and item.
//
// From a store's item-major transpose these are one pass over the users of each item, which rise:
// equal neighbours are one user's plays. Linear, on all threads; nothing is hashed or sorted.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// The item-major transpose of a domain.
struct ItemMajor {
  Array<std::int64_t> offsets;  // items + 1
  Array<UserIndex> users;       // rising within an item, repeats kept
};
// The store's, or made of the rows if the domain has none.
ItemMajor item_major(const Domain& domain, std::int64_t num_items, ThreadPool& threads);

// One entry per item of the domain; users are distinct ones.
struct ItemCounts {
  std::vector<std::int64_t> plays, users;
};
ItemCounts count_plays(const Domain& domain, ThreadPool& threads);

// Item i was taken by users[offsets[i]] to users[offsets[i + 1]], each once, rising; counts says
// how often (a count beyond 2^31 - 1 stays there).
struct PairCounts {
  std::vector<std::int64_t> offsets;
  std::vector<UserIndex> users;
  std::vector<std::int32_t> counts;
};
PairCounts count_pairs(const Domain& domain, ThreadPool& threads);

}  // namespace crossfade
