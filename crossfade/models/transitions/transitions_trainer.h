// Counting transitions of first and second order (models/transitions/README.md).
#pragma once

#include "crossfade/models/trainer.h"
#include "crossfade/models/transitions/pair_followers.h"
#include "crossfade/models/transitions/transitions_config.h"

namespace crossfade {

// Scores hold pair_weight and pair_trust already. O(plays * pair_window) on all threads; memory:
// some forty bytes per play and the result. The same bytes for any number of threads. Errors:
// stopped; half lives without times, kinds without kinds (usage).
Result<PairFollowers> follow_pairs(const TransitionsConfig& config, const Domain& domain,
                                   Context& context, Targets targets = {});

TrainerEntry transitions_trainer();

}  // namespace crossfade
