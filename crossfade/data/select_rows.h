// Parts of a Dataset: some of its interactions, with the same users, items and indices.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

// Keeps the rows whose label is `wanted`; labels[d][row] for every row of every domain. Order
// within users stays. Linear, on all threads.
Dataset select_rows(const Dataset& dataset, const std::vector<std::vector<std::uint8_t>>& labels,
                    std::uint8_t wanted, Context& context);

}  // namespace crossfade
