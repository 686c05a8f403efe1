// An external id as it is typed: a number where the vocabulary has numbers, else text.
#pragma once

#include <string>

#include "crossfade/data/vocabulary.h"

namespace crossfade {

// The index of the id, or a usage error that shows an id that there is. `what` is "user" or "item".
Result<std::int32_t> find_typed_id(const Vocabulary& vocabulary, const std::string& typed,
                                   const std::string& what);

}  // namespace crossfade
