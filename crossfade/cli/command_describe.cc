// crossfade describe DATA: what a store or a log holds, before anything is trained on it.
#include <filesystem>

#include "crossfade/cli/command.h"
#include "crossfade/cli/schema_arguments.h"
#include "crossfade/data/exploration/exploration_document.h"
#include "crossfade/data/exploration/kind_names.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/whole_log.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

struct Described {
  Dataset dataset;
  std::vector<ImportReport> imports;
  std::string fingerprint;  // empty for a log, which has none until it is imported
};

bool is_store(const std::string& path) {
  return std::filesystem::exists(std::filesystem::path(path) / "manifest.json");
}

// The columns of a file that crossfade itself wrote, as the test part of a split.
LogSchema own_schema(const std::string& domain) {
  LogSchema schema;
  schema.user = "user_id";
  schema.item = "item_id";
  schema.time = "time";
  schema.weight = "weight";
  if (!domain.empty()) {
    schema.kind = "domain";
    schema.only_kinds = {domain};
  }
  return schema;
}

class DescribeCommand final : public Command {
 public:
  std::string name() const override { return "describe"; }
  std::string summary() const override { return "show what a store or a log holds"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", data_, "a store, or a log as import takes it");
    arguments.option("--html", html_, "also write a page with plots to this file");
    arguments.option("--against", against_,
                     "a later store or log, as the test part of a split: how it differs");
    arguments.option("--domain", domain_, "which domain to compare (if several)");
    arguments.option("--top", options_.top, "so many items, artists, genres are named");
    arguments.option("--session-gap", session_gap_,
                     "a longer pause ends a session, where the log has none");
    schema_.declare(arguments, "of a log: ");
    arguments.footer(all_presets());
  }

  Status run(Session& session) override {
    if (!html_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(html_));
    const auto gap = parse_length(session_gap_);
    if (!gap)
      return usage_error("--session-gap is a length of time, as in 30m or 1h; '" + session_gap_ +
                         "' is not");
    if (options_.top < 0) return usage_error("--top is a number from 0 on");
    options_.session_gap_ns = *gap;
    Context& context = session.context;
    CROSSFADE_ASSIGN_OR_RETURN(const Described described, read(data_, "", context));
    ExplorationReport report;
    report.title = (described.fingerprint.empty() ? "The log " : "The store ") + data_;
    report.imports = described.imports;
    CROSSFADE_ASSIGN_OR_RETURN(report.exploration, explore(described.dataset, options_, context));
    if (!against_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(report.drift, compare(described.dataset, context));
      report.drift_against = against_;
    }
    name_kinds(report);
    Json json = to_json(report);
    if (!described.fingerprint.empty()) json.set("fingerprint", described.fingerprint);
    return session.print(brief_document(report), json, full_document(report), html_);
  }

 private:
  // `domain`: the one to take of a file that has several; "" if it has one.
  Result<Described> read(const std::string& path, const std::string& domain,
                         Context& context) const {
    if (is_store(path)) {
      CROSSFADE_ASSIGN_OR_RETURN(Store store, open_store(path, Verify::kFull, &context.threads));
      return Described{std::move(store.dataset), std::move(store.reports), store.fingerprint};
    }
    const bool said = schema_.said();
    CROSSFADE_ASSIGN_OR_RETURN(const LogSchema schema, said
                                                           ? choose_schema(schema_.choice)
                                                           : Result<LogSchema>(own_schema(domain)));
    CROSSFADE_ASSIGN_OR_RETURN(WholeLog log, read_whole_log({path}, schema, context));
    if (!said) log.columns.kinds = {};  // the name of the domain was no kind
    CROSSFADE_ASSIGN_OR_RETURN(Dataset dataset,
                               build_dataset(Dataset(), "items", std::move(log.columns), context));
    return Described{std::move(dataset), {std::move(log.report)}, ""};
  }

  Result<Drift> compare(const Dataset& before, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t then, before.find_domain(domain_));
    const std::string name = before.domains()[then].name;
    CROSSFADE_ASSIGN_OR_RETURN(const Described later,
                               read(against_, before.domains().size() > 1 ? name : "", context));
    // A file has one domain, whatever it is called.
    const bool one = later.dataset.domains().size() == 1;
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t now, later.dataset.find_domain(one ? "" : name));
    return explore_drift({before.users(), before.domains()[then]},
                         {later.dataset.users(), later.dataset.domains()[now]}, context.threads);
  }

  std::string data_, html_, against_, domain_, session_gap_ = "30m";
  SchemaArguments schema_;
  ExploreOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_describe_command() {
  return std::make_unique<DescribeCommand>();
}

}  // namespace crossfade
