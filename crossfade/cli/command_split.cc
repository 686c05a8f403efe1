// crossfade split STORE: what to learn from, what to tune on, and what to be judged by.
#include <optional>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/interactions_table.h"
#include "crossfade/data/splits/protocol.h"
#include "crossfade/data/splits/split_given.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/candidates_io.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

class SplitCommand final : public Command {
 public:
  std::string name() const override { return "split"; }
  std::string summary() const override { return "cut a store into train, validation and test"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import wrote");
    arguments.option("--by", by_, "the rule, see below");
    arguments.option("--protocol", protocol_name_, "a published recipe, see below");
    arguments.option("--given", given_, "a test that is cut already: user_id, item_id");
    arguments.required("--out", out_, "folder for train, validation, fold_in and test.parquet");
    arguments.option("--filter", filters_,
                     "before the cut, see filter --help; may be repeated, in order");
    arguments.option("--seed", seed_, "seed of filters and rules that draw");
    arguments.flag("--no-validation", no_validation_, "leave the validation part in train");
    arguments.option("--target", target_,
                     "of what was held out: all, last, first, random, successive, following");
    arguments.option("--sessions", sessions_, "that a cut goes through: cut, earlier, later");
    arguments.option("--cold-users", cold_users_, "without any history: keep, drop");
    arguments.option("--cold-items", cold_items_, "that nobody took before: keep, drop");
    arguments.flag("--fold-in", fold_in_, "write fold_in even if it is train and validation");
    arguments.footer("Rules, and what becomes test:\n" + describe_splits() +
                     "\nProtocols (what is given beside one takes the place of its own):\n" +
                     describe_protocols());
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(make_plan());
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                               open_store(store_, Verify::kFull, &session.context.threads));
    CROSSFADE_ASSIGN_OR_RETURN(const SplitOutcome outcome, cut(store.dataset, session.context));
    const Json manifest = split_manifest(store.fingerprint, plan_, protocol_, outcome);
    CROSSFADE_RETURN_IF_ERROR(write(outcome.split, manifest, session.context));
    report(session, outcome, manifest);
    return ok_status();
  }

 private:
  // The protocol's plan, if there is one, with what the command line says otherwise.
  Status make_plan() {
    if (!protocol_name_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(protocol_, find_protocol(protocol_name_));
      plan_ = protocol_->plan;
    }
    if (!by_.empty()) plan_.by = by_;
    if (!filters_.empty()) plan_.filters = filters_;
    if (plan_.by.empty() == given_.empty())
      return usage_error(plan_.by.empty()
                             ? "split needs a rule (--by time:0.9), a --protocol, or a test that "
                               "is --given"
                             : "--given brings its own test, so there is nothing to cut by " +
                                   plan_.by);
    if (!given_.empty() && !plan_.filters.empty())
      return usage_error("--given takes train and test as they are, without --filter");
    std::vector<std::string> settings{"seed=" + std::to_string(seed_)};
    if (no_validation_) settings.push_back("validation=no");
    if (fold_in_) settings.push_back("fold_in=yes");
    for (const auto& [name, value] :
         {std::pair("target=", &target_), std::pair("sessions=", &sessions_),
          std::pair("cold_users=", &cold_users_), std::pair("cold_items=", &cold_items_)})
      if (!value->empty()) settings.push_back(name + *value);
    return apply_settings(plan_.settings, "split", settings);
  }

  Result<SplitOutcome> cut(const Dataset& dataset, Context& context) const {
    if (given_.empty()) return run_split(dataset, plan_, context);
    SplitOutcome outcome;
    CROSSFADE_ASSIGN_OR_RETURN(const Table test, read_truth(given_, context));
    auto split = with_given_test(dataset, test, context);
    if (!split.ok()) return split.status().at(given_);
    outcome.split = *std::move(split);
    outcome.report = report_split(outcome.split, context.threads);
    return outcome;
  }

  Status write(const Split& split, const Json& manifest, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(out_));
    const auto write_store = [&](const std::string& name, const Dataset& part) {
      return create_store(folder.path() + "/" + name, part);
    };
    CROSSFADE_RETURN_IF_ERROR(write_store("train", split.train));
    if (split.validation) CROSSFADE_RETURN_IF_ERROR(write_store("validation", *split.validation));
    if (split.fold_in) CROSSFADE_RETURN_IF_ERROR(write_store("fold_in", *split.fold_in));
    if (split.validation_fold_in)
      CROSSFADE_RETURN_IF_ERROR(write_store("validation_fold_in", *split.validation_fold_in));
    CROSSFADE_RETURN_IF_ERROR(
        write_parquet(interactions_table(split.test), folder.path() + "/test.parquet", context));
    CROSSFADE_RETURN_IF_ERROR(
        write_file(folder.path() + "/manifest.json", to_pretty_text(manifest)));
    return folder.commit();
  }

  void report(const Session& session, const SplitOutcome& outcome, const Json& manifest) const {
    Document document("Split by " + (protocol_        ? protocol_->name
                                     : given_.empty() ? plan_.by
                                                      : "the given " + given_));
    if (!outcome.filters.empty()) document.add_table(filter_table(outcome.filters));
    document.add_table(split_table(outcome.report));
    if (outcome.report.rows_dropped > 0)
      document.add_paragraph(format_count(outcome.report.rows_dropped) +
                             " interactions are in no part.");
    if (protocol_)
      document.add_paragraph(conventions_text(protocol_->name, protocol_->conventions));
    document.add_paragraph("Wrote " + out_ + ".");
    Json json = manifest;
    json.set("out", out_);
    session.print(document, json);
  }

  std::string store_, by_, protocol_name_, given_, out_;
  std::string target_, sessions_, cold_users_, cold_items_;
  std::vector<std::string> filters_;
  std::int64_t seed_ = 1;
  bool no_validation_ = false, fold_in_ = false;

  SplitPlan plan_;
  std::optional<Protocol> protocol_;
};

}  // namespace

std::unique_ptr<Command> make_split_command() {
  return std::make_unique<SplitCommand>();
}

}  // namespace crossfade
