// Side tables on a command line: what import and attach say about items, and what became of it.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/path_names.h"
#include "crossfade/cli/command.h"
#include "crossfade/io/side_tables.h"

namespace crossfade {

struct SideTableArguments {
  SideTables tables;
  std::string columns;        // --item-columns a,b
  std::string user_columns;   // --user-columns a,b
  bool keep_unknown = false;  // items that nobody took come into the store too

  void declare(Arguments& arguments);
};

// What side tables are attached to.
struct SideTableTarget {
  std::string store, domain;
  PathNames names;      // what the reports say instead of paths
  bool is_new = false;  // a store that has no name yet (attach_to_new_store())
};

// Reads the tables and attaches them to a domain of a store, and those of users to the store.
// Returns their reports. Errors: those of read_side_tables() and attach_to_store(); no such domain,
// nothing that tells of unknown items (usage).
Result<std::vector<ImportReport>> attach_side_tables(const SideTableArguments& said,
                                                     const SideTableTarget& target,
                                                     Context& context);

// A table and the notes of each report.
void add_side_tables(const std::vector<ImportReport>& reports, Document& document);

}  // namespace crossfade
