// EASE: the linear autoencoder without a diagonal, in closed form (models/ease/README.md).
#pragma once

#include "crossfade/models/ease/ease_config.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items with positive values. Errors: stopped; exhausted where the inverse does not fit
// the memory; failed where l2 is too small for the precision.
Result<ItemNeighbours> solve_ease(const EaseConfig& config, SparseMatrix users, Context& context,
                                  Targets targets = {});

TrainerEntry ease_trainer();

}  // namespace crossfade
