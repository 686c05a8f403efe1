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
  arguments.option("--users", tables.users, "file of users' attributes: gender, age, a city");
  arguments.option("--user-columns", user_columns, "columns of --users to take, as in gender,age");
  arguments.option("--user-column", tables.user_column, "of the user's id in --users");
}

namespace {

// Tables that have been read, to be attached to a domain, or to the users ("").
struct ReadTables {
  std::string domain;
  SideTablesRead read;
  std::int64_t size = 0;  // items of the domain, or users
  IdList added;           // items that come into the store with them
};

Result<ReadTables> read_of_items(const SideTables& tables, bool keep_unknown,
                                 const Dataset& dataset, const std::string& domain,
                                 Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t number, dataset.find_domain(domain));
  const Domain& about = dataset.domains()[number];
  Vocabulary items = about.items;
  if (keep_unknown) {
    CROSSFADE_ASSIGN_OR_RETURN(items, with_unknown_items(tables, items, context));
  }
  CROSSFADE_ASSIGN_OR_RETURN(
      SideTablesRead read,
      read_side_tables(tables, items, extend(about.about, items.size()), context));
  const IdList added = ids_from(to_id_list(items), about.items.size());
  if (added.size() > 0)
    read.reports[0].notes.push_back(format_count(added.size()) +
                                    " items that are not in the log came into the store");
  return ReadTables{about.name, std::move(read), items.size(), added};
}

}  // namespace

Result<std::vector<ImportReport>> attach_side_tables(const SideTableArguments& said,
                                                     const SideTableTarget& target,
                                                     Context& context) {
  SideTables tables = said.tables;
  if (!said.columns.empty()) tables.columns = split(said.columns, ',');
  if (!said.user_columns.empty()) tables.user_columns = split(said.user_columns, ',');
  if (said.keep_unknown && tables.items.empty() && tables.vectors.empty())
    return usage_error("--keep-unknown needs --items or --vectors, which tell of items");
  CROSSFADE_ASSIGN_OR_RETURN(const Store opened,
                             open_store(target.store, Verify::kSizes, &context.threads));
  if (!target.domain.empty())
    CROSSFADE_RETURN_IF_ERROR(opened.dataset.find_domain(target.domain).status());
  std::vector<ReadTables> all;
  if (tables.about_items()) {
    CROSSFADE_ASSIGN_OR_RETURN(
        all.emplace_back(),
        read_of_items(tables, said.keep_unknown, opened.dataset, target.domain, context));
  }
  if (!tables.users.empty()) {
    const Vocabulary& users = opened.dataset.users();
    CROSSFADE_ASSIGN_OR_RETURN(SideTablesRead read, read_user_table(tables, users, context));
    all.push_back({"", std::move(read), users.size(), {}});
  }
  const auto attach = target.is_new ? &attach_to_new_store : &attach_to_store;
  std::vector<ImportReport> told;
  for (ReadTables& one : all) {
    Json reports = Json::array();
    for (const ImportReport& report : one.read.reports) {
      told.push_back(import_report_from_json(with_names(to_json(report), target.names)));
      reports.push(to_json(told.back()));
    }
    CROSSFADE_RETURN_IF_ERROR(
        attach(target.store, one.domain, one.read.about, one.size, reports, one.added));
  }
  return told;
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
