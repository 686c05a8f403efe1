// Json lines: one object per line, as botify's files have it; blank lines are passed over.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

// take(object, line) for every line that is not blank; lines count from 1. A line that is no object
// (data invalid) and the first error of `take` end it and come back with "line N" in front.
Status for_each_json_line(std::string_view bytes,
                          const std::function<Status(const Json&, std::int64_t)>& take);

}  // namespace crossfade
