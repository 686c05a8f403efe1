// Which of an item's neighbours are kept, for generators that keep the best few: the choices of
// their knob `best_of`, written once.
#pragma once

#include "crossfade/base/knobs.h"

namespace crossfade {

inline KnobRange kept_neighbours() {
  return one_of({"row", "column"}).tuned();
}
inline constexpr const char* kKeptNeighboursHelp =
    "row: the best among those that an item speaks for; column: among those that speak for it";

}  // namespace crossfade
