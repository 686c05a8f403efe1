// Side tables on a command line: what import and attach say about items, and what became of it.
#pragma once

#include <string>
#include <vector>

#include "crossfade/cli/command.h"
#include "crossfade/io/side_tables.h"

namespace crossfade {

struct SideTableArguments {
  SideTables tables;
  std::string columns;  // --item-columns a,b

  void declare(Arguments& arguments);
};

// Reads the tables and attaches them to a domain of a store. Returns their reports. Errors: those
// of read_side_tables() and attach_to_store(); no such domain (usage).
Result<std::vector<ImportReport>> attach_side_tables(const SideTableArguments& said,
                                                     const std::string& store,
                                                     const std::string& domain, Context& context);

// A table and the notes of each report.
void add_side_tables(const std::vector<ImportReport>& reports, Document& document);

}  // namespace crossfade
