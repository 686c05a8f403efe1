// Counting for the popular items (models/popular/README.md).
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/popular/popular_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// One score per item: the sum over events of positive weight within the window, or over users the
// newest such event, of 2^(-age / half life); ages are from the newest event of the domain.
// O(events) on all threads, same bytes for any number of them. Errors: a window or half life
// without times (usage), stopped.
Result<std::vector<float>> count_popularity(const PopularConfig& config, const Domain& domain,
                                            Context& context);

TrainerEntry popular_trainer();

}  // namespace crossfade
