// Sessions by gaps: where a log has no sessions, a pause longer than a gap begins a new one (30
// minutes is the web's custom; Catledge, Pitkow, 1995). A session is named by the time of its first
// row: unique within a user, and the same however often a log is cut into days.
//
// Or by ends: where a log says which row was a session's last, the next row begins another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>

#include "crossfade/data/ids.h"
#include "crossfade/data/moments.h"

namespace crossfade {

// The session of a row of LogColumns that has none, in a log that has sessions. No Domain holds it:
// fill_missing_sessions() comes before.
constexpr std::int64_t kNoSession = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kSessionGapNs = 1'800'000'000'000;  // 30 minutes

// The latest row of a user that a store has already, or nothing: its time, session and kind.
struct LatestRow {
  std::int64_t time_ns = 0, session = 0;
  std::uint8_t kind = 0;
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

// The same where a row of the kind `end` ends a session. A session that begins at the very time at
// which the one before it did is named by the next nanosecond.
inline void make_sessions_by_end(std::span<const std::int64_t> times,
                                 std::span<const std::uint8_t> kinds, std::uint8_t end,
                                 const std::optional<LatestRow>& before,
                                 std::span<std::int64_t> sessions) {
  bool known = before && !times.empty() && before->time_ns <= times[0];
  std::int64_t session = known ? before->session : 0;
  bool ended = !known || before->kind == end;
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (ended) session = known ? std::max(times[row], session + 1) : times[row];
    sessions[row] = session;
    ended = kinds[row] == end;
    known = true;
  }
}

// Rows without a session (kNoSession), in a log where others have one: those that follow each other
// within 30 minutes are one session, others are sessions of their own, and without times each row
// is one. Such a session has a number below 1, made of its first row's time (or of the row's item
// and place), so it is no session that the log names. Rows are one user's, in their order; `times`
// may be empty.
inline void fill_missing_sessions(std::span<const std::int64_t> times,
                                  std::span<const ItemIndex> items,
                                  std::span<std::int64_t> sessions) {
  bool follows = false;  // whether the row before had no session either
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    const bool missing = sessions[row] == kNoSession;
    if (missing && follows && !times.empty() &&
        time_between(times[row - 1], times[row]) <= kSessionGapNs)
      sessions[row] = sessions[row - 1];
    else if (missing)
      sessions[row] = kNoSession + 1 +
                      (times.empty() ? (std::int64_t{items[row]} << 32) +
                                           static_cast<std::int64_t>(row & 0x7fffffff)
                                     : std::max<std::int64_t>(times[row], 0));
    follows = missing;
  }
}

}  // namespace crossfade
