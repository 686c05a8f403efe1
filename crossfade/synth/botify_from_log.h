// A botify world out of any log, as the original's notebooks made theirs of the Million Song
// Dataset: the items that most users took become the tracks, numbered by popularity, and listeners
// draw their interests by it. The hidden vectors come from elsewhere (a model of the log).
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/synth/botify.h"

namespace crossfade {

// What of a log becomes a world's catalogue.
struct BotifyCut {
  std::vector<ItemIndex> items;    // by track: the most popular first, equal ones by index
  std::vector<double> popularity;  // by track: share of the pairs of users and tracks
};

// The `tracks` items that were taken by most of the users who took at least `least_items` different
// ones (20 in the original; a repeat counts once). Errors (data invalid): no such users.
Result<BotifyCut> cut_for_botify(const Domain& domain, std::int64_t tracks,
                                 std::int64_t least_items);

}  // namespace crossfade
