// The options that describe side tables, in one place for the two commands that have them.
#include "crossfade/cli/side_table_arguments.h"

#include "crossfade/base/text.h"
#include "crossfade/data/id_list.h"
#include "crossfade/data/store/attachments.h"
#include "crossfade/data/store/store.h"

namespace crossfade {

void SideTableArguments::declare(Arguments& arguments) {
  arguments.option("--items", tables.items, "file of items' attributes: lists, genres, prices");
  arguments.option("--names", tables.names, "file of names: id, name and, if ids repeat, type");
  arguments.option("--vectors", tables.vectors, "file of items' vectors: lists of floats");
  arguments.option("--item-columns", columns, "columns of --items to take, as in price,year");
  arguments.option("--item-column", tables.item_column, "of the item's id in --items, --vectors");
  arguments.option("--item-type", tables.item_type, "what --names calls an item, as in track");
  arguments.option("--vector-column", tables.vector_column, "the column of --vectors to take");
  arguments.flag("--keep-unknown", keep_unknown,
                 "items of --items and --vectors that are not in the log come into the store too");
}

Result<std::vector<ImportReport>> attach_side_tables(const SideTableArguments& said,
                                                     const SideTableTarget& target,
                                                     Context& context) {
  SideTables tables = said.tables;
  if (!said.columns.empty()) tables.columns = split(said.columns, ',');
  if (said.keep_unknown && tables.items.empty() && tables.vectors.empty())
    return usage_error("--keep-unknown needs --items or --vectors, which tell of items");
  CROSSFADE_ASSIGN_OR_RETURN(const Store opened,
                             open_store(target.store, Verify::kSizes, &context.threads));
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t number, opened.dataset.find_domain(target.domain));
  const Domain& about = opened.dataset.domains()[number];
  Vocabulary items = about.items;
  if (said.keep_unknown) {
    CROSSFADE_ASSIGN_OR_RETURN(items, with_unknown_items(tables, items, context));
  }
  CROSSFADE_ASSIGN_OR_RETURN(
      SideTablesRead read,
      read_side_tables(tables, items, extend(about.about, items.size()), context));
  const IdList added = ids_from(to_id_list(items), about.items.size());
  if (added.size() > 0)
    read.reports[0].notes.push_back(format_count(added.size()) +
                                    " items that are not in the log came into the store");
  Json reports = Json::array();
  for (ImportReport& report : read.reports) {
    report = import_report_from_json(with_names(to_json(report), target.names));
    reports.push(to_json(report));
  }
  const auto attach = target.is_new ? &attach_to_new_store : &attach_to_store;
  CROSSFADE_RETURN_IF_ERROR(
      attach(target.store, about.name, read.about, items.size(), reports, added));
  return std::move(read.reports);
}

void add_side_tables(const std::vector<ImportReport>& reports, Document& document) {
  TableBlock files({"side table", "rows read", "rows used"});
  TableBlock dropped({"file", "not used because", "rows", "for example"});
  for (const ImportReport& report : reports) {
    files.add_row(
        {Cell::text(report.source), Cell::count(report.rows_read), Cell::count(report.rows_kept)});
    for (const ImportReport::Reason& reason : report.dropped)
      dropped.add_row({Cell::text(report.source), Cell::text(reason.reason),
                       Cell::count(reason.rows),
                       Cell::text(reason.examples.empty() ? "" : reason.examples[0])});
  }
  if (!files.rows().empty()) document.add_table(std::move(files));
  if (!dropped.rows().empty()) document.add_table(std::move(dropped));
  for (const ImportReport& report : reports)
    for (const std::string& note : report.notes) document.add_paragraph(note);
}

}  // namespace crossfade
