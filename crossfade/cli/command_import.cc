// crossfade import LOG...: a log becomes a store, a further domain of one, or its next day.
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/side_table_arguments.h"
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
    arguments.positional("LOG", logs_, "files, folders or globs: Parquet, CSV, TSV, JSON lines");
    arguments.option("--out", out_, "folder of a new store");
    arguments.option("--into", into_,
                     "an existing store, which gets a further domain, or more rows of one it has");
    arguments.option("--domain", domain_, "name of the domain, as in music");
    declare_schema(arguments);
    arguments.option("--sessions-gap", gap_, "make sessions: a longer pause begins one, as 30min");
    arguments.flag("--strict", options_.strict, "refuse the log if a row would be dropped");
    arguments.flag("--drop-duplicates", options_.drop_duplicates,
                   "keep one of rows that are equal in every column");
    arguments.flag("--allow-repeated-files", options_.allow_repeated_files,
                   "take a file that was given or imported before");
    arguments.option("--memory", memory_,
                     "for rows, as 4GB; more go to files beside the store (default: half the "
                     "machine's)");
    side_tables_.declare(arguments);
    arguments.footer(all_presets());
  }

  Status run(Session& session) override {
    if (out_.empty() == into_.empty())
      return usage_error("import needs --out for a new store, or --into for an existing one");
    CROSSFADE_ASSIGN_OR_RETURN(const LogSchema schema, choose_schema(schema_));
    if (session.names) options_.names = *session.names;
    if (!memory_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(options_.memory_bytes, parse_bytes("--memory", memory_));
    }
    if (!gap_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(const float seconds, parse_seconds("--sessions-gap", gap_));
      if (seconds <= 0) return usage_error("--sessions-gap is longer than nothing");
      options_.session_gap_ns = static_cast<std::int64_t>(static_cast<double>(seconds) * 1e9);
    }
    const ImportTarget target{out_.empty() ? into_ : out_, out_.empty(), domain_};
    CROSSFADE_RETURN_IF_ERROR(check_side_tables(side_tables_.tables, session.context));
    std::vector<ImportReport> attached;
    if (!target.grow && !side_tables_.tables.empty())
      options_.complete = [&](const std::string& folder) {
        return attach({folder, domain_, options_.names, true}, attached, session.context);
      };
    CROSSFADE_ASSIGN_OR_RETURN(const ImportOutcome outcome,
                               import_log(logs_, schema, target, options_, session.context));
    if (target.grow && !side_tables_.tables.empty())
      CROSSFADE_RETURN_IF_ERROR(
          attach({target.store, domain_, options_.names, false}, attached, session.context)
              .at("the log is in " + target.store + " now, and nothing is attached"));
    report(session, target, outcome, attached);
    return ok_status();
  }

 private:
  Status attach(const SideTableTarget& target, std::vector<ImportReport>& attached,
                Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(attached, attach_side_tables(side_tables_, target, context));
    return ok_status();
  }

  void declare_schema(Arguments& arguments) {
    arguments.option("--schema", schema_.preset, "a published log's columns, see below");
    arguments.option("--user", schema_.user, "column of the user's id");
    arguments.option("--item", schema_.item, "column of the item's id");
    arguments.option("--time", schema_.time, "column of the time, or none");
    arguments.option("--time-unit", schema_.time_unit, "of plain numbers: auto, s, ms, us, ns");
    arguments.option("--weight", schema_.weight, "column of the weight (rating, plays), or none");
    arguments.option("--kind", schema_.kind, "column of the event's kind, or none");
    arguments.option("--weights", schema_.weights, "weights by kind, as click=1,cart=3,purchase=5");
    arguments.option("--only-kinds", schema_.only_kinds, "kinds to keep, as cart,purchase");
    arguments.option("--play-length", schema_.play_length,
                     "column of the seconds listened, which weigh a play, or none");
    arguments.option("--skip-under", schema_.skip_under, "a shorter play weighs 0, as 30s");
    arguments.option("--full-play", schema_.full_play,
                     "a play of this length weighs 1, a shorter one its share; 0: all weigh 1");
    arguments.option("--session", schema_.session, "column of the session's id, or none");
  }

  static void report(const Session& session, const ImportTarget& target,
                     const ImportOutcome& outcome, const std::vector<ImportReport>& attached) {
    const ImportReport& imported = outcome.report;
    Document document("Imported " + imported.source);
    TableBlock facts({"domain", "rows read", "rows kept", "users of the store", "items"});
    facts.add_row({Cell::text(target.domain), Cell::count(imported.rows_read),
                   Cell::count(imported.rows_kept), Cell::count(outcome.users),
                   Cell::count(outcome.items)});
    document.add_table(std::move(facts));
    if (imported.rows_dropped() > 0) {
      TableBlock dropped({"dropped because of", "rows", "for example"});
      for (const ImportReport::Reason& reason : imported.dropped)
        dropped.add_row({Cell::text(reason.reason), Cell::count(reason.rows),
                         Cell::text(reason.examples.empty() ? "" : reason.examples[0])});
      document.add_table(std::move(dropped));
    }
    for (const std::string& note : imported.notes) document.add_paragraph(note);
    if (!attached.empty()) add_side_tables(attached, document);
    Json tables = Json::array();
    for (const ImportReport& table : attached) tables.push(to_json(table));
    session.print(document, Json::object()
                                .set("store", target.store)
                                .set("domain", target.domain)
                                .set("users", outcome.users)
                                .set("items", outcome.items)
                                .set("import", to_json(imported))
                                .set("tables", std::move(tables)));
  }

  std::vector<std::string> logs_;
  std::string out_, into_, domain_ = "items", memory_, gap_;
  SchemaChoice schema_;
  ImportOptions options_;
  SideTableArguments side_tables_;
};

}  // namespace

std::unique_ptr<Command> make_import_command() {
  return std::make_unique<ImportCommand>();
}

}  // namespace crossfade
