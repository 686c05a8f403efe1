// Counts in sentences: "1 line", "1,234 lines".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/base/text.h"

namespace crossfade {

inline std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return format_count(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace crossfade
