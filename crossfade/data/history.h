// History and UserView: a user right now, as every model sees one.
//
// A UserView is made from a row of the Dataset in training and from a live history in serving, and
// fold-in, features and sequence engines take only this: a model cannot tell training from serving.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/data/ids.h"

namespace crossfade {

// What one user did in one domain, oldest first (equal times in the order of the log). All spans
// have the size of `items`, but for time_ns, kinds and sessions, which are empty when the log has
// no such column.
struct History {
  std::span<const ItemIndex> items;
  std::span<const float> weights;
  std::span<const std::int64_t> time_ns;   // since 1970, UTC
  std::span<const std::uint8_t> kinds;     // the domain's event kinds, 0 if it has only one
  std::span<const std::int64_t> sessions;  // numbers that change when a session does

  std::size_t size() const { return items.size(); }
  bool empty() const { return items.empty(); }
};

// Whether `row` is of another session than the one after it: by their numbers, or, where a log has
// times and no sessions, by a pause of more than `gap_minutes` (0: none ends a session).
inline bool ends_session(const History& history, std::size_t row, double gap_minutes) {
  constexpr double kMinuteNs = 60e9;
  if (!history.sessions.empty()) return history.sessions[row] != history.sessions[row + 1];
  if (history.time_ns.empty() || gap_minutes == 0) return false;
  return static_cast<double>(history.time_ns[row + 1] - history.time_ns[row]) >
         gap_minutes * kMinuteNs;
}

struct UserView {
  UserIndex user = kUnknown;           // kUnknown: a user the training data has not seen
  std::span<const History> by_domain;  // in the order of the Dataset's (or Bundle's) domains
};

}  // namespace crossfade
