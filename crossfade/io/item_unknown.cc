// Items that only side tables know: their ids, for those who want to recommend what nobody took.
#include <cmath>
#include <type_traits>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"
#include "crossfade/io/item_rows.h"
#include "crossfade/io/side_tables.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlockRows = 1 << 19;

// Adds a number in the type that the log's ids have.
void add_id(std::int64_t id, IdColumn& ids) {
  if (auto* numbers = std::get_if<std::vector<std::int64_t>>(&ids))
    numbers->push_back(id);
  else
    std::get<std::vector<std::string>>(ids).push_back(std::to_string(id));
}

// Text that could not be an id of the log is left out.
void add_id(const std::string& id, IdColumn& ids) {
  const auto number = parse_int(id);
  if (auto* texts = std::get_if<std::vector<std::string>>(&ids)) {
    if (!id.empty() && is_valid_utf8(id)) texts->push_back(id);
  } else if (number && std::to_string(*number) == id) {
    std::get<std::vector<std::int64_t>>(ids).push_back(*number);
  }
}

void add_id(double id, IdColumn& ids) {
  if (id == std::floor(id) && std::abs(id) < 9e15) add_id(static_cast<std::int64_t>(id), ids);
}

// The ids of rows whose item is not known.
IdColumn unknown_ids(const Column& column, const std::vector<std::int32_t>& found, bool text) {
  IdColumn ids;
  if (text) ids = std::vector<std::string>();
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        for (std::size_t row = 0; row < found.size(); ++row) {
          if (found[row] != kUnknown || column.is_null(row)) continue;
          if constexpr (std::is_integral_v<Value>)
            add_id(std::int64_t{values[row]}, ids);
          else if constexpr (std::is_floating_point_v<Value>)
            add_id(static_cast<double>(values[row]), ids);
          else if constexpr (std::is_same_v<Value, std::string>)
            add_id(values[row], ids);
        }
      },
      column.values);
  return ids;
}

}  // namespace

Result<Vocabulary> with_unknown_items(const SideTables& tables, const Vocabulary& items,
                                      Context& context) {
  Vocabulary all = items;
  for (const std::string* file : {&tables.items, &tables.vectors}) {
    if (file->empty()) continue;
    CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(*file, kBlockRows, context));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string id,
                               find_item_column(*file, stream->names(), tables.item_column));
    CROSSFADE_RETURN_IF_ERROR(stream->select({item_id_column(id, items)}, context));
    bool met = false;  // an item of the log
    for (;;) {
      CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream->next(context));
      if (!block) break;
      ImportReport report;  // what is dropped is told when the file is read for what it says
      const auto found = ItemRows(all).next(block->columns[0], context, report);
      if (!found.ok()) return found.status().at(*file);
      for (const std::int32_t item : *found) met |= item != kUnknown && item < items.size();
      const IdColumn ids = unknown_ids(block->columns[0], *found, items.is_text());
      if (size_of(ids) == 0) continue;
      CROSSFADE_ASSIGN_OR_RETURN(Encoded encoded, encode_ids(all, ids));
      all = std::move(encoded.vocabulary);
    }
    // Most likely other ids: what came in with them would never go again.
    if (!met)
      return data_invalid(*file + " has no row of an item of the log; is '" + id +
                          "' the column of the items' ids?");
  }
  return all;
}

}  // namespace crossfade
