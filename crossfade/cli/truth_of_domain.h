// The truth of one domain out of a file that may hold several.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/data/table.h"

namespace crossfade {

// Rows of `path` whose column `domain` is `domain`; all rows if the file has no such column. With
// domain "" the file must have one domain only. Errors: those of read_truth() (io/candidates_io.h);
// no row of that domain, or several domains and none chosen (usage: names them).
Result<Table> read_truth_of(const std::string& path, const std::string& domain, Context& context);

}  // namespace crossfade
