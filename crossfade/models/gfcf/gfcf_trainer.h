// GF-CF: graph filters in closed form (models/gfcf/README.md).
#pragma once

#include "crossfade/models/gfcf/gfcf_config.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items with positive values. Errors: exhausted where it does not fit the memory;
// stopped.
Result<ItemNeighbours> filter_graph(const GfcfConfig& config, SparseMatrix users,
                                    std::uint64_t seed, Context& context, Targets targets = {});

TrainerEntry gfcf_trainer();

}  // namespace crossfade
