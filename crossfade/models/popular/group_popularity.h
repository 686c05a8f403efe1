// Counting for groups of users and of items (models/popular/README.md).
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/popular/popular_config.h"
#include "crossfade/models/popular/popular_groups.h"

namespace crossfade {

// What the config asks for, from the items' scores in all; empty where it asks for nothing. Errors:
// an attribute that is not there, segment and category at once (usage); stopped.
Result<PopularGroups> group_popularity(const PopularConfig& config, const Dataset& dataset,
                                       std::size_t domain_index, std::span<const float> scores,
                                       Context& context);

}  // namespace crossfade
