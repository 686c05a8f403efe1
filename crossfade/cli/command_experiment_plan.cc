// crossfade experiment plan: how many users an experiment needs, or what it can find.
#include <algorithm>
#include <cmath>

#include "crossfade/cli/command.h"
#include "crossfade/cli/experiment_arguments.h"
#include "crossfade/experiments/arm_comparison.h"
#include "crossfade/experiments/power.h"
#include "crossfade/experiments/traffic_reader.h"
#include "crossfade/experiments/user_metric.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

constexpr double kMsPerDay = 86'400'000;

class ExperimentPlanCommand final : public Command {
 public:
  std::string name() const override { return "experiment plan"; }
  std::string summary() const override { return "plan the size of an experiment"; }
  void declare(Arguments& arguments) override {
    arguments.option("--log", logs_,
                     "a data log to take the metric's variance from; may come several times");
    arguments.option("--metric", metric_, "of the log: see experiment analyze --help");
    arguments.option("--mean", mean_, "of the metric over users, where there is no log");
    arguments.option("--deviation", deviation_, "its standard deviation over users");
    arguments.option("--effect", effect_, "in percent of the mean, to be found");
    arguments.option("--users", options_.users, "who take part: what can be found?");
    arguments.option("--split", options_.split, "number of arms, the control among them");
    arguments.option("--weights", weights_, "shares of the arms, as in 8,1,1");
    arguments.option("--alpha", alpha_, "the level of the tests");
    arguments.option("--power", power_, "probability of finding the effect");
    arguments.option("--correlation", correlation_, "of the metric with its past, for CUPED");
    arguments.flag("--sequential", options_.is_sequential, "for looking as the data come in");
    arguments.option("--looks", options_.looks, "of a sequential test");
    arguments.option("--users-per-day", users_per_day_, "new ones; from the log, if there is one");
    arguments.option("--html", html_, "also write a page with the curve to this file");
  }

  Status run(Session& session) override {
    if (!html_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(html_));
    CROSSFADE_RETURN_IF_ERROR(read_numbers());
    if (!logs_.empty()) CROSSFADE_RETURN_IF_ERROR(measure(session.context));
    CROSSFADE_ASSIGN_OR_RETURN(const Plan plan, plan_experiment(options_));
    const Document document = plan_document(plan);
    return session.print(document, to_json(plan), document, html_);
  }

 private:
  Status read_numbers() {
    const bool says_some = !mean_.empty() || !deviation_.empty();
    const bool says_both = !mean_.empty() && !deviation_.empty();
    if (logs_.empty() ? !says_both : says_some)
      return usage_error(
          "give either a log to take the metric's mean and variance from, or --mean and "
          "--deviation");
    const std::pair<std::pair<const char*, const std::string*>, double*> numbers[] = {
        {{"--mean", &mean_}, &options_.mean},
        {{"--deviation", &deviation_}, &options_.deviation},
        {{"--effect", &effect_}, &options_.effect_percent},
        {{"--alpha", &alpha_}, &options_.alpha},
        {{"--power", &power_}, &options_.power},
        {{"--correlation", &correlation_}, &options_.correlation},
        {{"--users-per-day", &users_per_day_}, &options_.users_per_day}};
    for (const auto& [option, field] : numbers) {
      if (option.second->empty()) continue;
      CROSSFADE_ASSIGN_OR_RETURN(*field, number_option(option.first, *option.second));
    }
    if (!effect_.empty() && !(options_.effect_percent > 0))
      return usage_error("--effect is a percentage above 0; '" + effect_ + "' is not");
    CROSSFADE_ASSIGN_OR_RETURN(options_.weights, numbers_option("--weights", weights_));
    return ok_status();
  }

  // Mean, deviation and new users per day, from the log.
  Status measure(Context& context) {
    CROSSFADE_ASSIGN_OR_RETURN(const UserMetric metric, find_user_metric(metric_));
    CROSSFADE_ASSIGN_OR_RETURN(const Traffic traffic, read_traffic(logs_, context));
    const SessionList sessions = cut_sessions(traffic.log, context.threads);
    const ArmMean mean = arm_mean(metric_values(metric, sum_by_user(sessions)).values);
    if (mean.users < 2)
      return data_invalid("the log has fewer than two users with a finished session, so " +
                          metric.name + " has no variance");
    options_.mean = mean.mean;
    options_.deviation = std::sqrt(mean.variance);
    const auto [first, last] =
        std::minmax_element(sessions.starts_ms.begin(), sessions.starts_ms.end());
    const double days = static_cast<double>(*last - *first) / kMsPerDay;
    if (users_per_day_.empty() && days >= 1)
      options_.users_per_day = static_cast<double>(mean.users) / days;
    return ok_status();
  }

  std::vector<std::string> logs_;
  std::string metric_ = "mean_time_per_session", mean_, deviation_, effect_, weights_,
              alpha_ = "0.05", power_ = "0.8", correlation_, users_per_day_, html_;
  PlanOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_experiment_plan_command() {
  return std::make_unique<ExperimentPlanCommand>();
}

}  // namespace crossfade
