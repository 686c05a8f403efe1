// Picks rows by the domain column and drops it.
#include "crossfade/cli/truth_of_domain.h"

#include <algorithm>
#include <set>

#include "crossfade/base/text.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
Result<Table> read_truth_of(const std::string& path, const std::string& domain, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(Table table, read_truth(path, context));
  const auto at = std::find_if(table.columns.begin(), table.columns.end(),
                               [](const Column& column) { return column.name == "domain"; });
  if (at == table.columns.end()) return table;
  const auto* names = std::get_if<std::vector<std::string>>(&at->values);
  if (!names) return data_invalid(path + ": the column domain is not text");
  const std::set<std::string> known(names->begin(), names->end());
  if (domain.empty() && known.size() > 1)
    return usage_error(path + " holds several domains; choose one with --domain: " +
                       join({known.begin(), known.end()}, ", "));
  const std::string chosen = domain.empty() && !known.empty() ? *known.begin() : domain;
  std::vector<std::uint8_t> keep(names->size());
  for (std::size_t row = 0; row < keep.size(); ++row) keep[row] = (*names)[row] == chosen;
  table.columns.erase(at);
  for (Column& column : table.columns) keep_rows(column, keep);
  if (table.num_rows() == 0)
    return usage_error(path + " has no rows of the domain '" + chosen +
                       "'; it has: " + join({known.begin(), known.end()}, ", "));
  return table;
}

}  // namespace crossfade
