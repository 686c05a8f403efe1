// Scored items as a table with external ids, for the commands that answer about a few items.
#pragma once

#include <string>
#include <vector>

#include "crossfade/cli/command.h"
#include "crossfade/data/vocabulary.h"
#include "crossfade/models/model.h"

namespace crossfade {

// Prints `items` under `title`; `meaning` names what the score is ("similarity").
void print_items(const Session& session, const std::string& title, const std::string& meaning,
                 const std::vector<ScoredItem>& items, const Vocabulary& vocabulary);

}  // namespace crossfade
