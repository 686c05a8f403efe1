// crossfade recommend MODEL...: lists for the users of a store, or of files of histories, with
// external ids.
#include <algorithm>
#include <set>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/external_id.h"
#include "crossfade/cli/model_on_data.h"
#include "crossfade/cli/most_recommended.h"
#include "crossfade/cli/recommend_to_files.h"
#include "crossfade/cli/schema_arguments.h"
#include "crossfade/cli/split_beside.h"
#include "crossfade/data/encode_column.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

constexpr std::size_t kTop = 10;  // items that the report of a run names

class RecommendCommand final : public Command {
 public:
  std::string name() const override { return "recommend"; }
  std::string summary() const override { return "write each user's best items"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", models_,
                         "folders that train wrote, or a folder of such; later ones fill the lists "
                         "of the first");
    arguments.option("--data", data_, "the store with the users' histories");
    arguments.option("--history", asked_.history,
                     "instead of a store: a file of histories, or DOMAIN=FILE; may be repeated");
    arguments.required("--out", out_,
                       "Parquet file: user_id, item_id, score, rank, source; with --history and "
                       "models of several domains a folder with a file for each");
    arguments.option("--users", users_, "all, or ids separated by commas; each counts once");
    arguments.option("--only-users-of", users_of_, "a file with user_id: lists for its users only");
    arguments.option("--k", asked_.k, "items per user");
    arguments.option("--format", asked_.format.name,
                     "rows; submission: a row per user, item_id as the list of the items; csv: the "
                     "same with spaces between the items");
    arguments.flag("--lists", lists_, "short for --format submission");
    arguments.flag("--keep-seen", asked_.keep_seen, "items of a user's history may come again");
    arguments.option("--cold-events", asked_.cold_events,
                     "users with at most so many events get the last models' lists only");
    arguments.flag("--fold-in", fold_in_,
                   "answer from the history alone, as for a user the model has not met; always so "
                   "with the fold_in of a split");
    arguments.option("--filter", asked_.filters,
                     "of --history: what of it counts, as in cap_weight:9; may be repeated");
    schema_.declare(arguments, "of --history: ");
    arguments.footer(all_presets());
  }

  Status run(Session& session) override {
    if (asked_.k < 1) return usage_error("--k is at least 1");
    if (lists_) asked_.format.name = "submission";
    CROSSFADE_RETURN_IF_ERROR(asked_.format.check());
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    if (data_.empty() == asked_.history.empty())
      return usage_error("recommend takes histories from --data STORE, or from --history FILE");
    return data_.empty() ? run_on_files(session) : run_on_store(session);
  }

 private:
  Status run_on_files(Session& session) {
    if (users_ != "all" || fold_in_)
      return usage_error("--users and --fold-in are of --data; with --history everybody is " +
                         std::string("folded in, and --only-users-of names users"));
    asked_.models = models_;
    asked_.users_of = users_of_;
    asked_.out = out_;
    asked_.schema = schema_.choice;
    return recommend_to_files(asked_, session);
  }

  Status run_on_store(Session& session) const {
    if (schema_.said() || !asked_.filters.empty())
      return usage_error("--filter and the options of columns are of --history");
    BlendConfig config;
    config.depth = 1;  // each model is asked for k
    CROSSFADE_RETURN_IF_ERROR(
        apply_settings(config, "recommend", {"cold_events=" + std::to_string(asked_.cold_events)}));
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData both, open_models_on_data(models_, data_, config));
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<UserIndex> users,
                               chosen_users(both.dataset, session.context));

    const DatasetUsers views(both.dataset, users);
    RecommendOptions options;
    options.k = asked_.k;
    options.keep_seen = asked_.keep_seen;
    options.stored_users = !fold_in_ && !is_fold_in_part(data_);
    Progress& progress = session.context.progress;
    say_conventions(progress);
    progress.begin("recommending", static_cast<std::int64_t>(users.size()), "users");
    CROSSFADE_ASSIGN_OR_RETURN(
        const Candidates candidates,
        both.model->recommend_batch(views.views(), both.domain, options, session.context));
    progress.end("");
    CROSSFADE_RETURN_IF_ERROR(
        asked_.format.write(candidates, both.dataset.users(), both.items(), out_, session.context));
    return report(session, candidates, both.dataset.domains()[both.domain]);
  }

  Result<std::vector<UserIndex>> chosen_users(const Dataset& dataset, Context& context) const {
    if (!users_of_.empty()) return users_of_file(dataset, context);
    std::vector<UserIndex> users;
    if (users_ == "all") {
      for (UserIndex user = 0; user < dataset.num_users(); ++user) users.push_back(user);
      return users;
    }
    std::set<UserIndex> asked;  // in the order of the line, each once
    for (const std::string& id : split(users_, ',')) {
      CROSSFADE_ASSIGN_OR_RETURN(const UserIndex user, find_typed_id(dataset.users(), id, "user"));
      if (asked.insert(user).second) users.push_back(user);
    }
    return users;
  }

  // The users of a test, in the order of the store. Those that the store does not know are said and
  // left to the evaluation, which counts them as users without a list.
  Result<std::vector<UserIndex>> users_of_file(const Dataset& dataset, Context& context) const {
    CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_truth(users_of_, context));
    CROSSFADE_ASSIGN_OR_RETURN(const Encoded encoded,
                               encode_column(dataset.users(), table, "user_id"));
    std::vector<UserIndex> users = encoded.indices;
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    const auto unknown = std::lower_bound(users.begin(), users.end(), dataset.users().size());
    if (unknown == users.begin())
      return data_invalid("the store " + data_ + " knows no user of " + users_of_);
    if (unknown != users.end())
      context.progress.say("the store knows " + format_count(unknown - users.begin()) + " of the " +
                           format_count(static_cast<std::int64_t>(users.size())) + " users of " +
                           users_of_);
    users.erase(unknown, users.end());
    return users;
  }

  // A protocol says whether seen items may come again; the flag may say otherwise.
  void say_conventions(Progress& progress) const {
    const auto split = split_beside(data_);
    if (!split || split->protocol.empty() || split->conventions.keep_seen == asked_.keep_seen)
      return;
    progress.say("the protocol " + split->protocol + " asks for lists " +
                 (asked_.keep_seen ? "without items seen before, and these have them"
                                   : "that may hold items seen before; --keep-seen makes them"));
  }

  Status report(const Session& session, const Candidates& candidates, const Domain& domain) const {
    std::int64_t empty = 0;
    for (std::int64_t l = 0; l < candidates.num_lists(); ++l) empty += candidates.list(l).empty();
    const auto rows = static_cast<std::int64_t>(candidates.items.size());
    const bool lists = asked_.format.name != "rows";
    Document document("Recommendations of " + join(models_, ", "));
    document.add_paragraph("Wrote " + format_count(rows) + (lists ? " items for " : " rows for ") +
                           format_count(candidates.num_lists() - empty) + " users to " + out_ +
                           "." +
                           (empty > 0 ? " The model has no answer for " + format_count(empty) +
                                            (empty == 1 ? " user." : " users.")
                                      : ""));
    Document page = document;
    page.add_table(most_recommended(candidates, domain, kTop));
    return session.print(document,
                         Json::object()
                             .set("file", out_)
                             .set("rows", lists ? candidates.num_lists() : rows)
                             .set("users", candidates.num_lists() - empty)
                             .set("users_without_list", empty),
                         page, "");
  }

  std::vector<std::string> models_;
  std::string data_, out_, users_ = "all", users_of_;
  RecommendToFiles asked_;  // k, format and filters are of a store too
  SchemaArguments schema_;
  bool lists_ = false, fold_in_ = false;
};

}  // namespace

std::unique_ptr<Command> make_recommend_command() {
  return std::make_unique<RecommendCommand>();
}

}  // namespace crossfade
