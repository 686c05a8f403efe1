// What plays count in pairs, and how often items were played: what co-visitation and transitions
// know of a log before they look at what follows what.
#pragma once

#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/models/covisit/covisit_config.h"

namespace crossfade {

struct WeighedPlays {
  // By row of the domain, what it counts as a pair's first and second play; empty: 1.
  std::vector<float> first, second;
  // By item: its plays as a pair's first (all its plays) to the power of -per_play (-popularity),
  // each counting as its age says; 0 for an item that was not played.
  std::vector<float> leaving, arriving;
};

// Errors: half_life_days without times, first_kind or second_kind without kinds (usage).
Result<WeighedPlays> weigh_plays(const CovisitConfig& config, const Domain& domain);

// By distance d - 1, for d from 1 to config.window: 1 / d, 1 or 2^(1 - d).
std::vector<float> shares_by_distance(const CovisitConfig& config);

}  // namespace crossfade
