// Lookup by name and the two invariants of a table.
#include "crossfade/data/table.h"

#include <algorithm>

namespace crossfade {

std::size_t Column::size() const {
  return std::visit([](const auto& held) { return held.size(); }, values);
}

const Column* Table::find(const std::string& name) const {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [&](const Column& column) { return column.name == name; });
  return at == columns.end() ? nullptr : &*at;
}

Status Table::check() const {
  for (const Column& column : columns) {
    if (find(column.name) != &column)
      return data_invalid("two columns are called '" + column.name + "'; each needs its own name");
    if (column.size() != num_rows())
      return data_invalid("column '" + column.name + "' has " + std::to_string(column.size()) +
                          " rows and column '" + columns[0].name + "' has " +
                          std::to_string(num_rows()));
    if (!column.nulls.empty() && column.nulls.size() != column.size())
      return data_invalid("column '" + column.name + "' marks nulls for " +
                          std::to_string(column.nulls.size()) + " rows and has " +
                          std::to_string(column.size()));
    if (column.meaning == Column::Meaning::kTimestamp &&
        !std::holds_alternative<std::vector<std::int64_t>>(column.values))
      return data_invalid("column '" + column.name + "' is a timestamp and not of 64-bit integers");
  }
  return ok_status();
}

}  // namespace crossfade
