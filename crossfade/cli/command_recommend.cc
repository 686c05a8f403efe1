// crossfade recommend MODEL: lists for the users of a store, as Parquet with external ids.
#include <algorithm>
#include <set>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/external_id.h"
#include "crossfade/cli/model_on_data.h"
#include "crossfade/cli/most_recommended.h"
#include "crossfade/cli/split_beside.h"
#include "crossfade/data/encode_column.h"
#include "crossfade/io/candidate_lists.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

constexpr std::size_t kTop = 10;  // items that the report of a run names

class RecommendCommand final : public Command {
 public:
  std::string name() const override { return "recommend"; }
  std::string summary() const override { return "write each user's best items"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", model_, "a folder that train wrote");
    arguments.required("--data", data_, "the store with the users' histories");
    arguments.required("--out", out_, "Parquet file: user_id, item_id, score, rank, source");
    arguments.option("--users", users_, "all, or ids separated by commas; each counts once");
    arguments.option("--only-users-of", users_of_, "a file with user_id: lists for its users only");
    arguments.option("--k", k_, "items per user");
    arguments.flag("--lists", lists_,
                   "write a row per user: user_id, and item_id as the list of the items");
    arguments.flag("--keep-seen", keep_seen_, "items of a user's history may come again");
    arguments.flag("--fold-in", fold_in_,
                   "answer from the history alone, as for a user the model has not met; always so "
                   "with the fold_in of a split");
  }

  Status run(Session& session) override {
    if (k_ < 1) return usage_error("--k is at least 1");
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData both, open_model_on_data(model_, data_));
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<UserIndex> users,
                               chosen_users(both.dataset, session.context));

    const DatasetUsers views(both.dataset, users);
    RecommendOptions options;
    options.k = k_;
    options.keep_seen = keep_seen_;
    options.stored_users = !fold_in_ && !is_fold_in_part(data_);
    Progress& progress = session.context.progress;
    say_conventions(progress);
    progress.begin("recommending", static_cast<std::int64_t>(users.size()), "users");
    CROSSFADE_ASSIGN_OR_RETURN(
        const Candidates candidates,
        both.model->recommend_batch(views.views(), both.domain, options, session.context));
    progress.end("");
    const auto write = lists_ ? &write_candidate_lists : &write_candidates;
    CROSSFADE_RETURN_IF_ERROR(
        write(candidates, both.dataset.users(), both.items(), out_, session.context));
    return report(session, candidates, both.dataset.domains()[both.domain]);
  }

 private:
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
    if (!split || split->protocol.empty() || split->conventions.keep_seen == keep_seen_) return;
    progress.say("the protocol " + split->protocol + " asks for lists " +
                 (keep_seen_ ? "without items seen before, and these have them"
                             : "that may hold items seen before; --keep-seen makes them"));
  }

  Status report(const Session& session, const Candidates& candidates, const Domain& domain) const {
    std::int64_t empty = 0;
    for (std::int64_t l = 0; l < candidates.num_lists(); ++l) empty += candidates.list(l).empty();
    const auto rows = static_cast<std::int64_t>(candidates.items.size());
    Document document("Recommendations of " + model_);
    document.add_paragraph("Wrote " + format_count(rows) + (lists_ ? " items for " : " rows for ") +
                           format_count(candidates.num_lists() - empty) + " users to " + out_ +
                           "." +
                           (empty > 0 ? " The model has nothing for " + format_count(empty) +
                                            " users without a history in " + "its domain."
                                      : ""));
    Document page = document;
    page.add_table(most_recommended(candidates, domain, kTop));
    return session.print(document,
                         Json::object()
                             .set("file", out_)
                             .set("rows", lists_ ? candidates.num_lists() : rows)
                             .set("users", candidates.num_lists() - empty)
                             .set("users_without_list", empty),
                         page, "");
  }

  std::string model_, data_, out_, users_ = "all", users_of_;
  std::int64_t k_ = 10;
  bool lists_ = false, keep_seen_ = false, fold_in_ = false;
};

}  // namespace

std::unique_ptr<Command> make_recommend_command() {
  return std::make_unique<RecommendCommand>();
}

}  // namespace crossfade
