// Truth: what each user really took to, in the part of the log that was held back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// User users[i] has the relevant items offsets[i] to offsets[i + 1], each once, by rising index.
// Every user has at least one; users rise.
struct Truth {
  std::vector<UserIndex> users;
  std::vector<std::int64_t> offsets{0};
  std::vector<ItemIndex> items;
  std::int64_t num_repeats = 0;  // rows that named a pair again and were counted once

  std::int64_t num_users() const { return static_cast<std::int64_t>(users.size()); }
  std::span<const ItemIndex> relevant(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    return {items.data() + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
  }
  // The invariants above, and indices within the given counts; data invalid names the first
  // that is broken.
  Status check(std::int64_t num_users, std::int64_t num_items) const;
};

// From pairs in any order, repeats allowed. Users lie in [0, num_users). Linear but for the sort of
// each user's items.
Truth make_truth(std::span<const UserIndex> users, std::span<const ItemIndex> items,
                 std::int64_t num_users, ThreadPool& threads);

// From a domain of a Dataset (the test part of a split); users without interactions are left out.
Truth make_truth(const Domain& domain, ThreadPool& threads);

// The truth without the pairs that `train` holds already, for lists that leave seen items out;
// users whose every item was seen are left out too. `train` has the truth's indices.
Truth without_seen(const Truth& truth, const Domain& train);

// A share (0 to 1) of the users, at least one, drawn by the seed: for judging with less work. Of
// the same truth and seed, a larger share holds all users of a smaller one.
Truth sample_users(const Truth& truth, double share, std::uint64_t seed);

}  // namespace crossfade
