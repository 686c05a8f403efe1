// The fallback of a bundle: all items of a domain, the most popular first.
#pragma once

#include "crossfade/base/array.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/model.h"

namespace crossfade {

struct PopularRanking {
  Array<ItemIndex> items;  // a permutation of 0 to num_items - 1, best first
  Array<float> scores;     // falling
};

// The order of the model `popular` of the domain if there is one, else by the number of users who
// have the item; equal items by index. What the model leaves out, and items beyond the vocabulary
// (up to num_items), follow by index with the lowest score. O(rows + items log items).
PopularRanking rank_popular(const Dataset& dataset, std::size_t domain, const Model* popular,
                            std::int64_t num_items);

}  // namespace crossfade
