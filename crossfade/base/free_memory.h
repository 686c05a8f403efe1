// What memory a computation may still take, asked before it starts: better a sentence at once than
// the end of the program after an hour.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/status.h"

namespace crossfade {

// Bytes that this process can get without pushing others to the disk: MemAvailable of /proc/meminfo
// (where there is none, all the machine has), at most what its control group is allowed.
std::int64_t free_memory_bytes();

// Ok if `needed` bytes fit into `limit_bytes` (0: what is free now). Error (exhausted): `what`
// needs so much and there is so much; `advice` says what to do instead.
Status check_memory(const std::string& what, double needed, std::int64_t limit_bytes,
                    const std::string& advice);

}  // namespace crossfade
