// The split that a file or store is a part of: its record lies in the same folder.
#pragma once

#include <optional>
#include <string>

#include "crossfade/data/splits/protocol.h"

namespace crossfade {

// Nothing if there is no manifest of a split beside `path`.
std::optional<SplitRecord> split_beside(const std::string& path);

// Whether `path` is the fold-in part of a split (of its test or validation): histories of users
// who must be answered from them, whatever a model has learnt.
bool is_fold_in_part(const std::string& path);

}  // namespace crossfade
