// Attributes, and the order in which the three kinds of tables are read.
#include "crossfade/io/side_tables.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/item_columns.h"
#include "crossfade/io/item_rows.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlockRows = 1 << 19;

// A file of attributes, and what was said about it.
struct AttributeFile {
  const std::string& path;
  const std::vector<std::string>& columns;
  const std::string& id_column;
  const RowsOf& of;
  bool vectors_are_taken;  // of another option, so that nobody has to be told
};

// The columns that become attributes: what was said, else all but the id and vectors.
Result<std::vector<WantedColumn>> choose_columns(const AttributeFile& file, const WantedColumn& id,
                                                 Context& context, ImportReport& report) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(file.path, kBlockRows, context));
  std::vector<WantedColumn> all;
  for (const std::string& name : file.columns.empty() ? stream->names() : file.columns)
    if (name != id.name) all.push_back({name});
  const Status selected = stream->select(all, context);
  if (!selected.ok())
    return Status(selected.kind(),
                  selected.message() + (file.columns.empty() ? "; or name those that are wanted "
                                                               "with " +
                                                                   file.of.columns_option
                                                             : std::string()));
  std::vector<WantedColumn> chosen{id};
  for (const Column& column : stream->layout().columns) {
    if (!std::holds_alternative<Lists<float>>(column.values)) {
      chosen.push_back({column.name});
      continue;
    }
    if (!file.columns.empty())
      return data_invalid(file.path + ": column '" + column.name + "' holds vectors" +
                          (file.of.thing == "item" ? "; give the file with --vectors"
                                                   : ", which are no attribute of users"));
    if (!file.vectors_are_taken)
      report.notes.push_back("column '" + column.name + "' holds vectors and was passed over" +
                             (file.of.thing == "item" ? "; --vectors takes them" : ""));
  }
  if (chosen.size() == 1)
    return data_invalid(file.path + " has no column but '" + id.name +
                        "' that could be an attribute of " + file.of.thing + "s");
  return chosen;
}

Result<std::vector<ItemAttribute>> read_attributes(const AttributeFile& file,
                                                   const Vocabulary& items, Context& context,
                                                   ImportReport& report) {
  report.source = file.path;
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(file.path, kBlockRows, context));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string id,
                             find_item_column(file.path, stream->names(), file.id_column, file.of));
  CROSSFADE_ASSIGN_OR_RETURN(const auto wanted,
                             choose_columns(file, item_id_column(id, items), context, report));
  CROSSFADE_RETURN_IF_ERROR(stream->select(wanted, context));
  std::vector<std::unique_ptr<ItemColumn>> columns;
  for (std::size_t c = 1; c < wanted.size(); ++c) {
    auto column = make_item_column(stream->layout().columns[c], items.size());
    if (!column.ok()) return column.status().at(file.path);
    columns.push_back(*std::move(column));
  }
  ItemRows rows(items, file.of);
  context.progress.begin("reading " + file.path, stream->num_rows().value_or(0), "rows");
  for (;;) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream->next(context));
    if (!block) break;
    const auto found = rows.next(block->columns[0], context, report);
    if (!found.ok()) return found.status().at(file.path);
    context.threads.parallel_for(std::ssize(columns), 1,
                                 [&](std::int64_t begin, std::int64_t, int) {
                                   const auto c = static_cast<std::size_t>(begin);
                                   columns[c]->add(block->columns[c + 1], *found);
                                 });
    context.progress.advance(static_cast<std::int64_t>(block->num_rows()));
  }
  context.progress.end();
  if (rows.num_items() == 0)
    return data_invalid(file.path + " has no row of " + file.of.one + " of the log: " +
                        (report.rows_read == 0 ? "it is empty" : report.sentence()) + "; is '" +
                        id + "' the column of the " + file.of.thing + "s' ids?");
  const ReadReport& read = stream->report();
  report.notes.insert(report.notes.end(), read.notes.begin(), read.notes.end());
  note_coverage(rows, items.size(), "attributes", report);
  std::vector<ItemAttribute> attributes;
  BadTexts bad;
  for (const auto& column : columns) attributes.push_back(column->finish(bad));
  if (bad.left_out > 0)
    report.notes.push_back(format_count(bad.left_out) + " labels are not UTF-8 and were left out");
  note_mended(bad.mended, "texts", report);
  join_one_hot(attributes);
  return attributes;
}

}  // namespace

Status check_side_tables(const SideTables& tables, Context& context) {
  for (const std::string* file : {&tables.items, &tables.names, &tables.vectors, &tables.users}) {
    const std::string& path = *file;
    if (path.empty()) continue;
    CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_table_stream(path, 1, context));
    const std::vector<std::string>& names = stream->names();
    // Ids of names that have types are those of several things.
    const bool typed = file == &tables.names && std::count(names.begin(), names.end(), "type") > 0;
    const bool of_users = file == &tables.users;
    const std::string& said = of_users ? tables.user_column : tables.item_column;
    CROSSFADE_RETURN_IF_ERROR(find_item_column(path, names, typed ? "id" : said,
                                               of_users ? rows_of_users() : rows_of_items())
                                  .status());
  }
  return ok_status();
}

Result<SideTablesRead> read_side_tables(const SideTables& tables, const Vocabulary& items,
                                        const ItemTable& known, Context& context) {
  SideTablesRead read;
  if (!tables.items.empty()) {
    ImportReport& report = read.reports.emplace_back();
    CROSSFADE_ASSIGN_OR_RETURN(read.about.attributes,
                               read_attributes({tables.items, tables.columns, tables.item_column,
                                                rows_of_items(), !tables.vectors.empty()},
                                               items, context, report));
  }
  if (!tables.names.empty()) {
    ImportReport& report = read.reports.emplace_back();
    ItemTable named = merge(known, read.about);
    named.vectors = {};
    CROSSFADE_RETURN_IF_ERROR(read_item_names(tables, items, named, context, report));
    read.about = std::move(named);
  }
  if (!tables.vectors.empty()) {
    ImportReport& report = read.reports.emplace_back();
    CROSSFADE_ASSIGN_OR_RETURN(read.about.vectors,
                               read_item_vectors(tables, items, context, report));
  }
  return read;
}

Result<SideTablesRead> read_user_table(const SideTables& tables, const Vocabulary& users,
                                       Context& context) {
  SideTablesRead read;
  ImportReport& report = read.reports.emplace_back();
  CROSSFADE_ASSIGN_OR_RETURN(read.about.attributes,
                             read_attributes({tables.users, tables.user_columns, tables.user_column,
                                              rows_of_users(), false},
                                             users, context, report));
  return read;
}

}  // namespace crossfade
