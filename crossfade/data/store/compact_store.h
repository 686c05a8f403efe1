// Compaction: the segments of each domain become one, which maps without merging.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"

namespace crossfade {

struct Compaction {
  std::size_t segments_before = 0, segments_after = 0;
  std::int64_t interactions = 0;
};

// Rewrites the store so that each domain has one segment; nothing is done if it is so already. The
// rows, their order and the store's fingerprint stay. All checksums are verified first. Readers see
// the old segments or the new: the manifest is replaced in one step, then the old ones are removed
// (a reader that has mapped them keeps them). Rows are merged some millions at a time. Needs as
// much disk again. Errors: those of open_store(), another program writes to the store, the disk is
// full, the stop flag; the store is then what it was.
Result<Compaction> compact_store(const std::string& path, Context& context);

}  // namespace crossfade
