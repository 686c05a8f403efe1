// MemoryLimit: what a trainer may take, asked before it starts. The knob and its sentences stand
// once, here.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/free_memory.h"
#include "crossfade/base/knobs.h"
#include "crossfade/base/text.h"

namespace crossfade {

// "knn over 90 items": what messages call it.
inline std::string over_items(const std::string& generator, std::int64_t num_items) {
  return generator + " over " + format_count(num_items) + " items";
}

struct MemoryLimit {
  double gib = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("memory_gib", gib, between(0, 1e6),
         "do not start if it would take more than so many GiB; 0: than the machine has free");
  }

  // Says what `what` ("knn over 90 items") takes where that is worth a word. Error (exhausted):
  // there is not so much; `advice` says what to do instead.
  Status check(const std::string& what, double bytes, const std::string& advice,
               Context& context) const {
    constexpr double kWorthAWord = 64 << 20;
    CROSSFADE_RETURN_IF_ERROR(check_memory(what, bytes, gib, advice));
    if (bytes >= kWorthAWord)
      context.progress.say(what + " takes " + format_bytes(static_cast<std::int64_t>(bytes)) +
                           " of memory");
    return ok_status();
  }
};

}  // namespace crossfade
