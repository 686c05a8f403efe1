// Log: a service's events as a Table, users in parallel, in the order of users or of time.
#pragma once

#include <cstdint>
#include <functional>

#include "crossfade/base/context.h"
#include "crossfade/data/table.h"
#include "crossfade/synth/service.h"

namespace crossfade {

// How a service's events are written down.
struct LogForm {
  std::int64_t first_user_id = 0, first_item_id = 0;  // ids are these plus the index
  std::int64_t time_unit_ns = 1;                      // of the column timestamp
  bool by_time = true;  // equal times in the order of users; false: user by user
  // The rating of one event; draws from a stream of the user's own, event by event.
  std::function<double(std::int64_t user, std::int32_t item, Rng& rng)> rating;
};

// Columns user_id, item_id, timestamp (int64) and rating (double). Errors: interrupted only.
// Memory: 32 bytes per row for the table and up to 20 while it is made.
Result<Table> generate_log(const Service& service, const LogForm& form, Context& context);

}  // namespace crossfade
