// Association rules of one item to one item (models/rules/README.md).
#pragma once

#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/rules/rules_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Of users by items; values do not count. Errors: exhausted where it does not fit the memory;
// stopped.
Result<ItemNeighbours> find_rules(const RulesConfig& config, SparseMatrix users, Context& context,
                                  Targets targets = {});

TrainerEntry rules_trainer();

}  // namespace crossfade
