// Parts of a split put together again: the opposite of select_rows().
#pragma once

#include "crossfade/data/dataset.h"

namespace crossfade {

// The interactions of both, which share users, domains and items (as the parts of a split do); each
// user's oldest first, those of `a` before those of `b` at equal times, or behind them where there
// are no times. Linear but for users whose parts overlap in time. Errors (data invalid): other
// users, domains, items or columns.
Result<Dataset> join_rows(const Dataset& a, const Dataset& b, Context& context);

}  // namespace crossfade
