// duplicate_rows: rows of a log that say exactly what an earlier row says.
//
// Two plays of a track at different times are two facts; the same user, item, time, kind and weight
// twice is most often one fact that was exported twice.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// The rows that repeat an earlier one in all columns but the session, rising. Rows are compared in
// full, so no two different rows are ever taken for equal. Linear: rows are scattered by a hash
// into parts that fit the cache, each with a table of its own. Memory: 16 bytes per row.
std::vector<std::int64_t> find_duplicate_rows(const LogColumns& log, Context& context);

// Takes out the rows, which rise; the others close up in their order. Linear.
void drop_rows(LogColumns& log, const std::vector<std::int64_t>& rows);

}  // namespace crossfade
