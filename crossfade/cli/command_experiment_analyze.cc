// crossfade experiment analyze LOG...: what an experiment did, and how sure that is.
#include <limits>
#include <optional>

#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/experiment_arguments.h"
#include "crossfade/cli/user_segments_file.h"
#include "crossfade/data/moments.h"
#include "crossfade/experiments/experiment_result.h"
#include "crossfade/experiments/traffic_reader.h"
#include "crossfade/report/write_document.h"

namespace crossfade {
namespace {

std::string all_metrics() {
  std::string text = "Metrics (--metric):\n";
  for (const UserMetric& metric : all_user_metrics())
    text += "  " + metric.name + ": " + metric.meaning +
            (metric.is_published ? " (published)" : "") + "\n";
  return text;
}

class ExperimentAnalyzeCommand final : public Command {
 public:
  std::string name() const override { return "experiment analyze"; }
  std::string summary() const override { return "judge an experiment by the service's log"; }
  void declare(Arguments& arguments) override {
    arguments.positional("LOGS", logs_, "data logs, or folders of */data.json");
    experiment_.declare(arguments);
    arguments.option("--metric", options_.metric,
                     "of looks, days, segments and the first sentence");
    arguments.option("--alpha", alpha_, "the level of tests; intervals hold 1 - alpha");
    arguments.option("--correction", correction_,
                     "for several treatments: holm, bh, dunnett or none");
    arguments.option("--before", before_, "a log of the time before, for CUPED and segments");
    arguments.option("--cut", cut_, "the day, as 2026-03-01, before which this log is the past");
    arguments.option("--segments", segments_, "a table of user_id and segment");
    arguments.option("--looks", options_.looks,
                     "so many looks, evenly by sessions; 0: one a day, or 20 if days are few");
    arguments.option("--planned-users", options_.planned_users,
                     "where the always-valid intervals are narrowest; decide it beforehand");
    arguments.option("--resamples", options_.resamples, "of the bootstrap");
    arguments.option("--aa", options_.aa_trials, "dealings of the control into halves");
    arguments.option("--seed", seed_, "of bootstrap and AA check");
    arguments.option("--format", format_, "text, or checker: the published checker's JSON");
    arguments.option("--html", html_, "also write a page with plots to this file");
    arguments.footer(all_metrics());
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(read_options());
    Context& context = session.context;
    CROSSFADE_ASSIGN_OR_RETURN(const Traffic traffic, read_traffic(logs_, context));
    const SessionList sessions = cut_sessions(traffic.log, context.threads);
    if (sessions.size() == 0)
      return data_invalid(join(logs_, ", ") +
                          ": no session is finished (there is no line 'last'), "
                          "so there is nothing to compare");
    CROSSFADE_ASSIGN_OR_RETURN(const std::string experiment, chosen_experiment(traffic.log));
    CROSSFADE_ASSIGN_OR_RETURN(const Dealt dealt, deal(experiment, traffic.log));
    CROSSFADE_ASSIGN_OR_RETURN(const auto past, read_past(traffic.log, sessions, context));
    const SessionList during = select_sessions(sessions, {.from_ms = cut_ms_});
    if (during.size() == 0)
      return data_invalid("--cut " + cut_ +
                          ": all sessions of the log began before that day, so all of it is the "
                          "past and nothing is left of the experiment");
    ExperimentInput input{
        .name = experiment, .sessions = during, .dealt = dealt, .past = past ? &*past : nullptr};
    if (past) input.segments.push_back(activity_segments(*past, dealt));
    if (!segments_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(auto segments,
                                 read_user_segments(segments_, traffic.log, context));
      input.segments.push_back(std::move(segments));
    }
    CROSSFADE_ASSIGN_OR_RETURN(ExperimentResult result,
                               analyze_experiment(input, options_, context));
    result.traffic = traffic.report;
    result.session_report = sessions.report;
    if (!traffic.log.experiments.empty() && !traffic.log.names_treatments_of(experiment))
      result.warnings.push_back("The log names no treatment of '" + experiment +
                                "', though it does of other experiments: users were dealt by the "
                                "hash of that name.");
    return show(session, result);
  }

 private:
  Status read_options() {
    if (logs_.empty()) return usage_error("name the logs, or the folder they were collected into");
    CROSSFADE_ASSIGN_OR_RETURN(options_.alpha, number_option("--alpha", alpha_));
    CROSSFADE_ASSIGN_OR_RETURN(options_.correction, correction_from_name(correction_));
    CROSSFADE_RETURN_IF_ERROR(find_user_metric(options_.metric).status());
    options_.seed = static_cast<std::uint64_t>(seed_);
    if (format_ != "text" && format_ != "checker")
      return unknown_name("form of the result", format_, {"text", "checker"});
    if (!html_.empty()) CROSSFADE_RETURN_IF_ERROR(check_document_path(html_));
    if (experiment_.says_traffic_only())
      return usage_error(
          "--traffic says who takes part, but not how those are dealt into arms; give --split or "
          "--weights too");
    if (!cut_.empty() && !before_.empty())
      return usage_error(
          "the past is in a log of its own (--before) or in this one (--cut), not "
          "both");
    if (cut_.empty()) return ok_status();
    const auto day = parse_day(cut_);
    if (!day) return usage_error("--cut is a day, as in 2026-03-01; '" + cut_ + "' is not");
    cut_ms_ = *day / kNsPerMs;
    return ok_status();
  }

  // The one that is named, or the only one of the log.
  Result<std::string> chosen_experiment(const TrafficLog& log) const {
    if (!experiment_.name().empty()) return experiment_.name();
    if (log.experiments.size() == 1) return log.experiments[0].experiment;
    std::vector<std::string> names;
    for (const TreatmentColumn& column : log.experiments) names.push_back(column.experiment);
    if (names.empty())
      return usage_error(
          "the log names no experiment; name one with --experiment and --split, and "
          "its users are dealt again");
    return usage_error("the log has several experiments; name one with --experiment: " +
                       join(names, ", "));
  }

  // As the log says; users are dealt again only where it says nothing. What the command line says
  // of arms that the log names is what they were promised.
  Result<Dealt> deal(const std::string& name, const TrafficLog& log) {
    std::optional<Experiment> promised;
    if (experiment_.says_split()) {
      CROSSFADE_ASSIGN_OR_RETURN(promised, experiment_.experiment());
      options_.weights = promised->shares();
      if (!log.names_treatments_of(name)) return dealt_by_hash(log, *promised);
    }
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, log.find_experiment(name));
    CROSSFADE_ASSIGN_OR_RETURN(Dealt dealt, dealt_by_log(log, log.experiments[at]));
    if (promised) hold_against_hash(log, *promised, dealt);
    return dealt;
  }

  Result<std::optional<UserSums>> read_past(const TrafficLog& log, const SessionList& sessions,
                                            Context& context) const {
    if (!cut_.empty())
      return std::optional<UserSums>(sum_by_user(select_sessions(sessions, {.to_ms = cut_ms_})));
    if (before_.empty()) return std::optional<UserSums>();
    CROSSFADE_ASSIGN_OR_RETURN(const Traffic past, read_traffic({before_}, context));
    const UserSums sums = sum_by_user(cut_sessions(past.log, context.threads));
    return std::optional<UserSums>(matched_users(sums, past.log, log));
  }

  Status show(Session& session, const ExperimentResult& result) const {
    if (format_ == "checker") {
      if (!html_.empty()) CROSSFADE_RETURN_IF_ERROR(write_document(full_document(result), html_));
      Session as_json = session;
      as_json.json = true;
      as_json.print(Document("Experiment " + result.name), checker_json(result));
      return ok_status();
    }
    return session.print(brief_document(result), to_json(result), full_document(result), html_);
  }

  std::vector<std::string> logs_;
  ExperimentArguments experiment_;
  ExperimentOptions options_;
  std::string alpha_ = "0.05", correction_ = "holm", before_, cut_, segments_, format_ = "text",
              html_;
  std::int64_t seed_ = 0;
  std::int64_t cut_ms_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace

std::unique_ptr<Command> make_experiment_analyze_command() {
  return std::make_unique<ExperimentAnalyzeCommand>();
}

}  // namespace crossfade
