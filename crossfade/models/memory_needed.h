// What a trainer needs, asked before it starts. The sentences of all trainers stand once, here.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/free_memory.h"
#include "crossfade/base/text.h"

namespace crossfade {

// "knn over 90 items": what messages call it.
inline std::string over_items(const std::string& generator, std::int64_t num_items) {
  return generator + " over " + format_count(num_items) + " items";
}

// Says what `what` ("knn over 90 items") needs where that is worth a word. Error (exhausted): the
// context allows less; `advice` says what to do instead.
inline Status check_memory_needed(const std::string& what, double bytes, const std::string& advice,
                                  Context& context) {
  constexpr double kWorthAWord = 64 << 20;
  CROSSFADE_RETURN_IF_ERROR(check_memory(what, bytes, context.memory_bytes, advice));
  if (bytes >= kWorthAWord)
    context.progress.say(what + " takes " + format_bytes(static_cast<std::int64_t>(bytes)) +
                         " of memory");
  return ok_status();
}

}  // namespace crossfade
