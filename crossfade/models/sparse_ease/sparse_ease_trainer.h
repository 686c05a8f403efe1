// Sparse EASE: every item by ridge regression from its best candidates
// (models/sparse_ease/README.md).
#pragma once

#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/sparse_ease/sparse_ease_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items with positive values. Errors: exhausted where it does not fit the memory;
// stopped; failed where l2 is too small for single precision.
Result<ItemNeighbours> solve_sparse_ease(const SparseEaseConfig& config, SparseMatrix users,
                                         Context& context, Targets targets = {});

TrainerEntry sparse_ease_trainer();

}  // namespace crossfade
