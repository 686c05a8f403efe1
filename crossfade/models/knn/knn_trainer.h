// Item-item nearest neighbours (models/knn/README.md has the formulas).
#pragma once

#include "crossfade/models/knn/knn_config.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items with positive values. Errors: exhausted where it does not fit the memory;
// stopped.
Result<ItemNeighbours> find_neighbours(const KnnConfig& config, SparseMatrix users,
                                       Context& context, Targets targets = {});

TrainerEntry knn_trainer();

}  // namespace crossfade
