// TrainCounts: how known each item was before: what coverage, novelty and surprisal refer to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct TrainCounts {
  // Per item index, the number of users with at least one interaction; items beyond its size, and
  // those with 0, are cold: training never saw them.
  std::vector<std::int64_t> users_of_item;
  std::int64_t num_users = 0;  // users with at least one interaction

  bool is_cold(ItemIndex item) const {
    return static_cast<std::size_t>(item) >= users_of_item.size() ||
           users_of_item[static_cast<std::size_t>(item)] == 0;
  }
  // The catalogue: items that are not cold.
  std::int64_t num_items() const;
};

// -log2(users of the item / users) of every item, worked out once. A cold item counts as one that a
// single user has, as in RePlay and RecTools. All 0 if the train part has no user.
class SelfInformation {
 public:
  explicit SelfInformation(const TrainCounts& train);
  double bits(ItemIndex item) const {
    return bits_[std::min(static_cast<std::size_t>(item), bits_.size() - 1)];
  }
  double sum_bits(std::span<const ItemIndex> items) const;
  // log2(users): that of a cold item, the largest there is.
  double max_bits() const { return bits_.back(); }

 private:
  std::vector<double> bits_;  // per item, then that of items beyond
};

// One pass over the domain; repeats of a pair count once.
TrainCounts count_train(const Domain& domain, ThreadPool& threads);

}  // namespace crossfade
