// Context: what a long computation is given by whoever starts it, so that nothing is global.
#pragma once

#include <atomic>
#include <cstdint>

#include "crossfade/base/progress.h"
#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

struct Context {
  ThreadPool& threads;
  Progress& progress;
  // Set by the program's signal handler; long loops look at it between blocks and return
  // interrupted().
  const std::atomic<bool>& stop;
  // What it may take; 0: what the machine has free.
  std::int64_t memory_bytes = 0;

  Status check_stop() const { return stop.load() ? interrupted() : ok_status(); }
};

}  // namespace crossfade
