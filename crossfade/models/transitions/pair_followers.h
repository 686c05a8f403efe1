// PairFollowers: what comes after two items that were played one after the other, a sparse matrix
// whose rows are pairs of items.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/array.h"
#include "crossfade/base/at.h"
#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

struct PairFollowers {
  Array<std::int64_t> pair_offsets;  // items + 1, by the pair's second item
  Array<ItemIndex> firsts;           // of a second item, rising: the pair's first item
  Array<std::int64_t> offsets;       // pairs + 1
  Array<ItemIndex> items;            // of a pair, best first
  Array<float> scores;               // finite, above 0

  struct Row {
    std::span<const ItemIndex> items;
    std::span<const float> scores;
  };
  // Empty for a pair that is not there. O(log of the second item's pairs).
  Row find(ItemIndex first, ItemIndex second) const;
  // Errors (data invalid): columns that do not fit each other or `num_items`. Linear.
  Status check(std::int64_t num_items) const;
};

}  // namespace crossfade
