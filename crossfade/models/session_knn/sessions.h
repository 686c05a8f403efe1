// Sessions: the sessions of a log in the order of their ends, and by item where it was played.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/array.h"
#include "crossfade/base/at.h"
#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

using SessionIndex = std::int32_t;

struct Sessions {
  Array<std::int64_t> offsets;       // sessions + 1; the newest session comes last
  Array<ItemIndex> items;            // of a session, in the order of its plays, repeats kept
  Array<std::int64_t> end_ns;        // of a session; empty if the log has no times
  Array<std::int64_t> item_offsets;  // items + 1
  Array<SessionIndex> of_item;       // an item's sessions, the newest first, each once

  std::int64_t size() const { return std::ssize(offsets) - 1; }
  std::int64_t num_items() const { return std::ssize(item_offsets) - 1; }
  std::span<const ItemIndex> items_of(SessionIndex session) const {
    return part(items, offsets, session);
  }
  std::span<const SessionIndex> sessions_of(ItemIndex item) const {
    return part(of_item, item_offsets, item);
  }
  // Errors (data invalid): columns that do not fit each other. Linear.
  Status check() const;

 private:
  static std::span<const std::int32_t> part(const Array<std::int32_t>& values,
                                            const Array<std::int64_t>& offsets, std::int32_t n) {
    return values.span().subspan(at(offsets[at(n)]), at(offsets[at(n) + 1] - offsets[at(n)]));
  }
};

}  // namespace crossfade
