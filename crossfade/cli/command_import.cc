// crossfade import LOG...: a log becomes a store, a further domain of one, or its next day.
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/schema_arguments.h"
#include "crossfade/cli/side_table_arguments.h"
#include "crossfade/io/import.h"

namespace crossfade {
namespace {

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
    schema_.declare(arguments);
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
      return usage_error("import needs either --out for a new store or --into for an existing one");
    CROSSFADE_ASSIGN_OR_RETURN(const LogSchema schema, choose_schema(schema_.choice));
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
  SchemaArguments schema_;
  ImportOptions options_;
  SideTableArguments side_tables_;
};

}  // namespace

std::unique_ptr<Command> make_import_command() {
  return std::make_unique<ImportCommand>();
}

}  // namespace crossfade
