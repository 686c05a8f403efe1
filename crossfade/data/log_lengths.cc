// One sentence for every pair of lengths that differ.
#include "crossfade/data/log_lengths.h"

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
  for (std::size_t row = 0; row < log.weights.size(); ++row)
    if (!std::isfinite(log.weights[row]) || log.weights[row] < 0)
      return data_invalid("the weight in row " + std::to_string(row) + " is " +
                          format_shortest(log.weights[row]) +
                          "; weights are finite and not negative");
  return ok_status();
}

}  // namespace crossfade
