// drop_rows: takes rows out of a log, in place.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

// `rows` rise; the others close up in their order. Linear.
void drop_rows(LogColumns& log, const std::vector<std::int64_t>& rows);

}  // namespace crossfade
