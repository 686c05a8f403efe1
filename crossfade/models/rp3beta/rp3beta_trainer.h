// RP3beta: random walks of three steps, held back by popularity (models/rp3beta/README.md).
#pragma once

#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/rp3beta/rp3beta_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items; values do not count. Errors: exhausted where it does not fit the memory;
// stopped.
Result<ItemNeighbours> walk(const Rp3betaConfig& config, SparseMatrix users, Context& context,
                            Targets targets = {});

TrainerEntry rp3beta_trainer();

}  // namespace crossfade
