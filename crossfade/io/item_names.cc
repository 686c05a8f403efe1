// Names of items and of their labels from one table (id, type, name), where ids repeat across
// types.
#include <algorithm>
#include <map>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"
#include "crossfade/io/item_rows.h"
#include "crossfade/io/side_tables.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

// An id as labels write it.
std::string id_text(const Column& ids, std::size_t row) {
  return std::visit(
      [&](const auto& values) -> std::string {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_integral_v<Value>)
          return std::to_string(values[row]);
        else if constexpr (std::is_floating_point_v<Value>)
          return format_shortest(static_cast<double>(values[row]));
        else if constexpr (std::is_same_v<Value, std::string>)
          return values[row];
        else
          return "";
      },
      ids.values);
}

// The names of one type, by the number that their labels or items have.
struct NamesOfType {
  std::vector<std::string> names;
  std::int64_t repeats = 0, mended = 0;

  void set(std::size_t number, const std::string& text) {
    const bool sound = is_valid_utf8(text);
    const std::string& name = sound ? text : valid_utf8(text);
    if (names[number].empty()) {
      names[number] = name;
      mended += sound ? 0 : 1;
    } else if (names[number] != name) {
      ++repeats;
    }
  }
};

// The labels that a type of names is about.
LabelAttribute* find_labels(ItemTable& about, const std::string& type) {
  for (const char* end : {"", "s", "_id", "_ids"})
    for (ItemAttribute& attribute : about.attributes)
      if (attribute.name == type + end)
        if (auto* labels = std::get_if<LabelAttribute>(&attribute.values)) return labels;
  return nullptr;
}

struct NameTable {
  Table table;
  const Column* ids = nullptr;
  const std::vector<std::string>* names = nullptr;
  const Column* names_column = nullptr;
  const std::vector<std::string>* types = nullptr;  // of each row, where the file says it
};

Result<NameTable> read_names(const SideTables& tables, Context& context, ImportReport& report) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(tables.names, 1, context));
  const auto has = [&](const char* name) {
    return std::find(stream->names().begin(), stream->names().end(), name) != stream->names().end();
  };
  CROSSFADE_ASSIGN_OR_RETURN(
      const std::string id,
      find_item_column(tables.names, stream->names(), has("type") ? "id" : tables.item_column));
  const char* name = has("name") ? "name" : "title";
  ReadReport read;
  NameTable names;
  CROSSFADE_ASSIGN_OR_RETURN(names.table,
                             read_table(tables.names, {{id, name}, {"type"}}, context, &read));
  report.notes.insert(report.notes.end(), read.notes.begin(), read.notes.end());
  names.ids = names.table.find(id);
  names.names_column = names.table.find(name);
  names.names = std::get_if<std::vector<std::string>>(&names.names_column->values);
  if (!names.names)
    return data_invalid(tables.names + ": column '" + name + "' holds no text; names are text");
  if (const Column* types = names.table.find("type")) {
    names.types = std::get_if<std::vector<std::string>>(&types->values);
    if (!names.types)
      return data_invalid(tables.names + ": column 'type' holds no text; types are text");
  }
  return names;
}

// What the file calls an item.
std::string find_item_type(const SideTables& tables, const NameTable& names) {
  if (!tables.item_type.empty() || !names.types) return tables.item_type;
  for (const char* usual : {"item", "track", "movie", "product"})
    if (std::find(names.types->begin(), names.types->end(), usual) != names.types->end())
      return usual;
  return "";
}

// Names the labels of one type; the rows are those of the type.
void name_labels(const NameTable& names, const std::string& type,
                 const std::vector<std::size_t>& rows, LabelAttribute& labels,
                 ImportReport& report) {
  std::unordered_map<std::string_view, std::size_t> number;
  for (std::size_t label = 0; label < labels.labels.size(); ++label)
    number.emplace(labels.labels[label], label);
  NamesOfType named;
  named.names.resize(labels.labels.size());
  std::int64_t unused = 0;
  for (const std::size_t row : rows) {
    const std::string id = id_text(*names.ids, row);
    const auto at = number.find(id);
    if (at == number.end())
      ++unused;
    else
      named.set(at->second, (*names.names)[row]);
  }
  report.rows_kept += std::ssize(rows) - unused;
  if (unused > 0) report.drop("type '" + type + "', of no item", "", unused);
  const auto missing = std::count(named.names.begin(), named.names.end(), std::string());
  if (missing > 0)
    report.notes.push_back(format_count(missing) + " of " + format_count(std::ssize(named.names)) +
                           " ids of type '" + type + "' have no name");
  if (named.repeats > 0)
    report.notes.push_back(format_count(named.repeats) + " further names of type '" + type +
                           "' were passed over; the first of each counts");
  note_mended(named.mended, "names of type '" + type + "'", report);
  labels.names = StringArray(named.names);
}

void name_items(const NameTable& names, const Vocabulary& items,
                const std::vector<std::size_t>& rows, ItemTable& about, ImportReport& report) {
  NamesOfType named;
  named.names.resize(static_cast<std::size_t>(items.size()));
  std::int64_t unused = 0;
  for (const std::size_t row : rows) {
    const std::int32_t item = items.find(std::string_view(id_text(*names.ids, row)));
    if (item == kUnknown)
      ++unused;
    else
      named.set(static_cast<std::size_t>(item), (*names.names)[row]);
  }
  report.rows_kept += std::ssize(rows) - unused;
  if (unused > 0) report.drop("item is not in the log", "", unused);
  const auto missing = std::count(named.names.begin(), named.names.end(), std::string());
  if (missing > 0)
    report.notes.push_back(format_count(missing) + " of " + format_count(items.size()) +
                           " items have no name");
  if (named.repeats > 0)
    report.notes.push_back(format_count(named.repeats) +
                           " further names of items were passed over; the first of each counts");
  note_mended(named.mended, "names of items", report);
  ItemTable added;
  added.attributes.push_back({"name", TextAttribute{StringArray(named.names)}});
  about = merge(std::move(about), std::move(added));
}

}  // namespace

Status read_item_names(const SideTables& tables, const Vocabulary& items, ItemTable& about,
                       Context& context, ImportReport& report) {
  report.source = tables.names;
  CROSSFADE_ASSIGN_OR_RETURN(const NameTable names, read_names(tables, context, report));
  std::map<std::string, std::vector<std::size_t>> rows_of_types;
  for (std::size_t row = 0; row < names.names->size(); ++row) {
    ++report.rows_read;
    if (names.ids->is_null(row)) {
      report.drop("missing id", "row " + std::to_string(row));
    } else if (names.names_column->is_null(row) || (*names.names)[row].empty()) {
      report.drop("missing name",
                  report.wants_example("missing name")
                      ? "row " + std::to_string(row) + ": id " + id_text(*names.ids, row)
                      : std::string());
    } else {
      rows_of_types[names.types ? (*names.types)[row] : std::string()].push_back(row);
    }
  }
  const std::string item_type = find_item_type(tables, names);
  for (const auto& [type, rows] : rows_of_types) {
    if (type == item_type) {
      name_items(names, items, rows, about, report);
    } else if (LabelAttribute* labels = find_labels(about, type)) {
      name_labels(names, type, rows, *labels, report);
    } else {
      report.drop("type '" + type + "' is no attribute of the items", "", std::ssize(rows));
    }
  }
  if (report.rows_kept == 0)
    return data_invalid(tables.names + " names nothing that is known: " + report.sentence());
  return ok_status();
}

}  // namespace crossfade
