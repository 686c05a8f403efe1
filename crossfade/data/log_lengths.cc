// One sentence for every pair of lengths that differ.
#include "crossfade/data/log_lengths.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "crossfade/base/text.h"

namespace crossfade {

Status check_length(const char* name, std::size_t size, std::size_t rows, bool optional) {
  if (size == rows || (optional && size == 0)) return ok_status();
  return data_invalid(std::string("the column of ") + name + " has " + std::to_string(size) +
                      " rows and the column of users has " + std::to_string(rows));
}

Status check_lengths(const LogColumns& log) {
  const std::size_t rows = size_of(log.users);
  CROSSFADE_RETURN_IF_ERROR(check_length("items", size_of(log.items), rows, false));
  CROSSFADE_RETURN_IF_ERROR(check_length("times", log.time_ns.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("weights", log.weights.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("kinds", log.kinds.size(), rows, true));
  return check_length("sessions", log.sessions.size(), rows, true);
}

Status check_weights(const LogColumns& log) {
  const auto is_bad = [](float weight) { return !(weight >= 0 && std::isfinite(weight)); };
  const auto some_bad = [&](std::size_t begin, std::size_t end) {
    bool bad = false;  // without a branch per row
    for (std::size_t row = begin; row < end; ++row) bad |= is_bad(log.weights[row]);
    return bad;
  };
  constexpr std::size_t kSlice = 4096;
  for (std::size_t begin = 0; begin < log.weights.size(); begin += kSlice) {
    if (!some_bad(begin, std::min(begin + kSlice, log.weights.size()))) continue;
    const auto bad = std::find_if(log.weights.begin() + static_cast<std::ptrdiff_t>(begin),
                                  log.weights.end(), is_bad);
    return data_invalid("the weight in row " + std::to_string(bad - log.weights.begin()) + " is " +
                        format_shortest(*bad) + "; weights are finite and not negative");
  }
  return ok_status();
}

}  // namespace crossfade
