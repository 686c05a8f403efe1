// Event stream: a service's events in blocks of rows, users in parallel, in the order of users or
// of time.
//
// In the order of users a block is some users' whole histories. In the order of time the log is cut
// into slices, each handed on in several blocks: every slice plays the users again as far as it
// needs, so memory stays bounded without a file, at the price of work (a log of one slice costs no
// more than its sort).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/synth/service.h"

namespace crossfade {

// Rows of a log before they get a schema; all vectors are of one length but for those that the
// service has no use for, which are empty.
struct EventBlock {
  std::vector<std::int32_t> users, items;  // indices
  std::vector<std::int64_t> time_ms;       // since 1970
  std::vector<std::int32_t> places;        // of the event among its user's, from 0
  std::vector<std::int32_t> sessions;      // place of the session's first event
  std::vector<EventKind> kinds;
  std::vector<float> played_s;

  std::size_t size() const { return users.size(); }
};

struct EventOrder {
  bool by_time = false;  // equal times in the order of users
  std::int64_t block_rows = 1 << 20;
  std::int64_t slice_rows = 1 << 25;  // about so many rows are in memory, 40 bytes each
};

// Hands every block to `sink`, in order; the sink may change it. Blocks have about block_rows rows;
// in the order of users a block ends with a user. Errors: interrupted, and the sink's.
Status stream_events(const Service& service, const EventOrder& order, Context& context,
                     const std::function<Status(EventBlock& block)>& sink);

}  // namespace crossfade
