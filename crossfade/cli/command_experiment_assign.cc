// crossfade experiment assign --experiment NAME: which arm users are in, and how many of the first
// N.
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/experiment_arguments.h"

namespace crossfade {
namespace {

class ExperimentAssignCommand final : public Command {
 public:
  std::string name() const override { return "experiment assign"; }
  std::string summary() const override { return "show which arm of an experiment users are in"; }
  void declare(Arguments& arguments) override {
    arguments.option("--user", users_, "an id; may come several times");
    arguments.option("--count", count_, "also count the arms of the users 0 to N - 1");
    experiment_.declare(arguments);
  }

  Status run(Session& session) override {
    if (users_.empty() && count_ == 0)
      return usage_error("name a user with --user, or count the arms of many with --count");
    if (count_ < 0 || count_ > 1'000'000'000)
      return usage_error("--count is a number from 0 to 1,000,000,000");
    CROSSFADE_ASSIGN_OR_RETURN(const Experiment experiment, experiment_.experiment());
    Document document("Experiment " + experiment.name());
    Json json = Json::object().set("experiment", experiment.name());
    if (!users_.empty()) show_users(experiment, document, json);
    if (count_ > 0) CROSSFADE_RETURN_IF_ERROR(show_counts(experiment, session, document, json));
    session.print(document, json);
    return ok_status();
  }

 private:
  void show_users(const Experiment& experiment, Document& document, Json& json) const {
    TableBlock table({"user", "arm"});
    Json arms = Json::object();
    for (const std::string& user : users_) {
      const std::string arm = treatment_name(experiment.assign(ExternalId(user)));
      table.add_row({Cell::text(user), Cell::text(arm.empty() ? "takes no part" : arm)});
      arms.set(user, arm.empty() ? Json() : Json(arm));
    }
    document.add_table(std::move(table));
    json.set("users", std::move(arms));
  }

  Status show_counts(const Experiment& experiment, Session& session, Document& document,
                     Json& json) const {
    using Counts = std::vector<std::int64_t>;  // of no part, then of each arm
    const Counts none(static_cast<std::size_t>(experiment.num_treatments()) + 1, 0);
    const Counts counts = session.context.threads.map_reduce(
        count_, 1 << 16, none,
        [&](std::int64_t begin, std::int64_t end) {
          Counts part = none;
          for (std::int64_t user = begin; user < end; ++user)
            ++part[static_cast<std::size_t>(experiment.assign(user) + 1)];
          return part;
        },
        [](Counts& total, const Counts& part) {
          for (std::size_t arm = 0; arm < total.size(); ++arm) total[arm] += part[arm];
        });
    CROSSFADE_RETURN_IF_ERROR(session.context.check_stop());
    TableBlock table({"arm", "users", "share"}, "Users 0 to " + format_count(count_ - 1));
    Json arms = Json::object();
    for (std::size_t arm = 1; arm <= counts.size(); ++arm) {
      const bool is_none = arm == counts.size();
      const std::int64_t users = counts[is_none ? 0 : arm];
      if (is_none && users == 0) continue;
      const std::string name =
          is_none ? "no part" : treatment_name(static_cast<TreatmentIndex>(arm - 1));
      table.add_row({Cell::text(name), Cell::count(users),
                     Cell::percent(static_cast<double>(users) / static_cast<double>(count_), 2)});
      arms.set(name, users);
    }
    document.add_table(std::move(table));
    json.set("counts", std::move(arms));
    return ok_status();
  }

  std::vector<std::string> users_;
  std::int64_t count_ = 0;
  ExperimentArguments experiment_;
};

}  // namespace

std::unique_ptr<Command> make_experiment_assign_command() {
  return std::make_unique<ExperimentAssignCommand>();
}

}  // namespace crossfade
