// A division of users from a table, for experiments.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/experiments/experiment_result.h"

namespace crossfade {

// Columns user_id and segment (text or whole numbers), in any kind of file that io/ reads. Users
// that the log does not have are left out. Data invalid: a user who comes twice with two segments;
// a table that names no user of the log.
Result<UserSegments> read_user_segments(const std::string& path, const TrafficLog& log,
                                        Context& context);

}  // namespace crossfade
