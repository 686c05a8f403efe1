// kind_names: what the kinds of a log's events are called, as its imports noted it.
#pragma once

#include <string>
#include <vector>

#include "crossfade/data/exploration/exploration_document.h"

namespace crossfade {

// The names in a note "kinds in column 'event': 0 = buy, 1 = view", by number; {} for another note.
std::vector<std::string> kind_names_in(const std::string& note);

// Gives the values of each domain with kinds the names that the imports noted. A report does not
// say of which domain an import was: where two imports number kinds in other ways, or several
// domains have kinds, numbers stay without names.
void name_kinds(ExplorationReport& report);

}  // namespace crossfade
