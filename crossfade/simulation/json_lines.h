// Json lines: the files of the simulated world, one object per line; blank lines are passed over.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

// take(object, line) for every line that is not blank; lines count from 1. Errors (data invalid)
// and those of `take` come back with the path and the line in front.
Status for_each_json_line(const std::string& path,
                          const std::function<Status(const Json&, std::int64_t)>& take);

}  // namespace crossfade
