// Targets: which items of the domain that a generator learns from may be recommended. All, but
// where several domains are learned as one (models/joint): the others' items speak for the target's
// and need no neighbours of their own kind, which would only take the places of those that count.
#pragma once

#include <cstdint>
#include <limits>

#include "crossfade/data/ids.h"

namespace crossfade {

struct Targets {
  std::int64_t count = std::numeric_limits<std::int64_t>::max();  // the first so many items

  bool has(ItemIndex item) const { return item < count; }
};

}  // namespace crossfade
