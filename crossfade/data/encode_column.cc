// Checks the column before its ids are numbered.
#include "crossfade/data/encode_column.h"

#include <algorithm>
#include <utility>

namespace crossfade {
namespace {

Result<IdColumn> ids_of(const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  if (!column) return data_invalid("there is no column '" + name + "'");
  if (std::find(column->nulls.begin(), column->nulls.end(), 1) != column->nulls.end())
    return data_invalid("the column '" + name + "' has rows without a value");
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&column->values))
    return IdColumn(*numbers);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column->values))
    return IdColumn(*texts);
  if (const auto* small = std::get_if<std::vector<std::int32_t>>(&column->values))
    return IdColumn(std::vector<std::int64_t>(small->begin(), small->end()));
  return data_invalid("the column '" + name + "' holds neither whole numbers nor text");
}

}  // namespace

Result<Encoded> encode_column(const Vocabulary& known, const Table& table,
                              const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(const IdColumn ids, ids_of(table, name));
  auto encoded = encode_ids(known, ids);
  if (!encoded.ok()) return encoded.status().at("the column '" + name + "'");
  return encoded;
}

}  // namespace crossfade
