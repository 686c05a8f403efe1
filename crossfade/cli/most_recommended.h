// What stands in most lists, by name: the quickest look at what a model is like.
#pragma once

#include <cstdint>

#include "crossfade/data/candidates.h"
#include "crossfade/data/dataset.h"
#include "crossfade/report/document.h"

namespace crossfade {

// The `top` items that most lists hold, the first in the vocabulary of equals, with the share of
// the lists that are not empty; names where the store has them.
TableBlock most_recommended(const Candidates& candidates, const Domain& domain, std::size_t top);

}  // namespace crossfade
