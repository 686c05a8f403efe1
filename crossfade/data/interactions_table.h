// A Dataset's interactions with external ids: how a test part leaves for a file.
#pragma once

#include "crossfade/data/dataset.h"
#include "crossfade/data/table.h"

namespace crossfade {

// One row per interaction, domain after domain, user after user, oldest first. Columns: user_id,
// item_id (64-bit integers, or text if any domain's are); domain, if there are several; time, if
// any domain has times (null where one has not); weight.
Table interactions_table(const Dataset& dataset);

}  // namespace crossfade
