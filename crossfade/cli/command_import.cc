// crossfade import LOG...: a log becomes a store, or a further domain of one.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/store.h"
#include "crossfade/io/import.h"

namespace crossfade {
namespace {

std::string all_presets() {
  std::string text = "Schemas (--schema NAME):\n";
  for (const LogSchema& preset : schema_presets())
    text += "  " + preset.name + "  " + preset.summary + "\n";
  return text;
}

class ImportCommand final : public Command {
 public:
  std::string name() const override { return "import"; }
  std::string summary() const override { return "turn a log into a store"; }
  void declare(Arguments& arguments) override {
    arguments.positional("LOG", log_, "Parquet, CSV or TSV");
    arguments.option("--out", out_, "folder of a new store");
    arguments.option("--into", into_, "an existing store, which gets a further domain");
    arguments.option("--domain", domain_, "name of the domain, as in music");
    arguments.option("--schema", schema_.preset, "a published log's columns, see below");
    arguments.option("--user", schema_.user, "column of the user's id");
    arguments.option("--item", schema_.item, "column of the item's id");
    arguments.option("--time", schema_.time, "column of the time, or none");
    arguments.option("--weight", schema_.weight, "column of the weight (rating, plays), or none");
    arguments.option("--kind", schema_.kind, "column of the event's kind, or none");
    arguments.option("--session", schema_.session, "column of the session's id, or none");
    arguments.option("--time-unit", schema_.time_unit, "of plain numbers: auto, s, ms, us, ns");
    arguments.flag("--strict", options_.strict, "refuse the log if a row would be dropped");
    arguments.flag("--drop-duplicates", options_.drop_duplicates,
                   "keep one of rows that are equal in every column");
    arguments.footer(all_presets());
  }

  Status run(Session& session) override {
    if (out_.empty() == into_.empty())
      return usage_error("import needs --out for a new store, or --into for an existing one");
    CROSSFADE_ASSIGN_OR_RETURN(const LogSchema schema, choose_schema(schema_));
    if (!out_.empty()) CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    if (session.names) options_.names = *session.names;
    Store store;
    if (!into_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(store, open_store(into_));
    }
    CROSSFADE_ASSIGN_OR_RETURN(ImportedLog log,
                               import_log(log_, schema, options_, session.context));
    CROSSFADE_ASSIGN_OR_RETURN(
        const Dataset grown,
        build_dataset(store.dataset, domain_, std::move(log.columns), session.context));
    CROSSFADE_RETURN_IF_ERROR(into_.empty() ? create_store(out_, grown, {log.report})
                                            : add_domain(store, grown, log.report));
    report(session, grown, log.report);
    return ok_status();
  }

 private:
  void report(const Session& session, const Dataset& dataset, const ImportReport& imported) const {
    const Domain& domain = dataset.domains().back();
    Document document("Imported " + log_);
    TableBlock facts({"domain", "rows read", "rows kept", "users of the store", "items"});
    facts.add_row({Cell::text(domain.name), Cell::count(imported.rows_read),
                   Cell::count(imported.rows_kept), Cell::count(dataset.num_users()),
                   Cell::count(domain.items.size())});
    document.add_table(std::move(facts));
    if (imported.rows_dropped() > 0) {
      TableBlock dropped({"dropped because of", "rows", "for example"});
      for (const ImportReport::Reason& reason : imported.dropped)
        dropped.add_row({Cell::text(reason.reason), Cell::count(reason.rows),
                         Cell::text(reason.examples.empty() ? "" : reason.examples[0])});
      document.add_table(std::move(dropped));
    }
    for (const std::string& note : imported.notes) document.add_paragraph(note);
    Json json = Json::object()
                    .set("store", into_.empty() ? out_ : into_)
                    .set("domain", domain.name)
                    .set("users", dataset.num_users())
                    .set("items", std::int64_t{domain.items.size()})
                    .set("import", to_json(imported));
    session.print(document, json);
  }

  std::string log_, out_, into_, domain_ = "items";
  SchemaChoice schema_;
  ImportOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_import_command() {
  return std::make_unique<ImportCommand>();
}

}  // namespace crossfade
