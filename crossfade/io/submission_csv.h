// Recommendations as a contest's CSV: user_id, and item_id as the user's ids, best first, with a
// space between them.
#pragma once

#include <string>

#include "crossfade/base/status.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// Written beside and renamed. Errors: `path` exists (usage), an item's id that holds a space, a
// comma or a quote (data invalid), the disk.
Status write_submission_csv(const Candidates& candidates, const Vocabulary& users,
                            const Vocabulary& items, const std::string& path);

}  // namespace crossfade
