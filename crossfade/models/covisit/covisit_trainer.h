// Co-visitation and transitions (models/covisit/README.md).
#pragma once

#include "crossfade/models/covisit/covisit_config.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Errors: stopped; half lives without times, kinds without kinds (usage).
Result<ItemNeighbours> find_covisits(const CovisitConfig& config, const Domain& domain,
                                     Context& context, Targets targets = {});

TrainerEntry covisit_trainer();

}  // namespace crossfade
