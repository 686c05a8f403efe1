// SLIM: every item from few others by the elastic net (models/slim/README.md).
#pragma once

#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/slim/slim_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items with positive values. Errors: exhausted where it does not fit the memory;
// stopped.
Result<ItemNeighbours> solve_slim(const SlimConfig& config, SparseMatrix users, Context& context,
                                  Targets targets = {});

TrainerEntry slim_trainer();

}  // namespace crossfade
