// Sessions by gaps: where a log has no sessions, a pause longer than a gap begins a new one (30
// minutes is the web's custom; Catledge, Pitkow, 1995). A session is named by the time of its first
// row: unique within a user, and the same however often a log is cut into days.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "crossfade/data/ids.h"

namespace crossfade {

// The latest row of a user that a store has already, or nothing: its time and session.
struct LatestRow {
  std::int64_t time_ns = 0, session = 0;
};
using FindLatestRow = std::function<std::optional<LatestRow>(UserIndex user)>;

// Fills the sessions of one user's rows, whose times rise; `before` continues if the first row
// follows it within the gap.
inline void make_sessions(std::span<const std::int64_t> times, std::int64_t gap_ns,
                          const std::optional<LatestRow>& before,
                          std::span<std::int64_t> sessions) {
  for (std::size_t row = 0; row < times.size(); ++row) {
    const bool first = row == 0;
    const bool known = !first || (before && before->time_ns <= times[0]);
    const std::int64_t last = first ? (known ? before->time_ns : 0) : times[row - 1];
    const std::int64_t session = first ? (known ? before->session : 0) : sessions[row - 1];
    sessions[row] = known && times[row] - last <= gap_ns ? session : times[row];
  }
}

}  // namespace crossfade
