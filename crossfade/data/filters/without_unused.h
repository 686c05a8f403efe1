// A dataset without the users and items that nobody uses: what a filter leaves behind, numbered
// anew, so that a catalogue of 3,416 items has 3,416 indices.
#pragma once

#include "crossfade/data/dataset.h"

namespace crossfade {

// Users without interactions in any domain, and items without any in theirs, leave the
// vocabularies and the item tables; the others keep their order, and with it the order of rows.
// The dataset itself if all are used. Linear.
Dataset without_unused(const Dataset& dataset, Context& context);

}  // namespace crossfade
