// Texts become filters, a rule and options; then one after the other.
#include "crossfade/data/splits/split_plan.h"

#include <utility>

namespace crossfade {
namespace {

Target target_of(const std::string& name) {
  if (name == "last") return Target::kLast;
  if (name == "first") return Target::kFirst;
  if (name == "successive") return Target::kSuccessive;
  if (name == "following") return Target::kFollowing;
  return name == "random" ? Target::kRandom : Target::kAll;
}

Sessions sessions_of(const std::string& name) {
  if (name == "earlier") return Sessions::kEarlier;
  return name == "later" ? Sessions::kLater : Sessions::kCut;
}

}  // namespace

SplitOptions split_options(const SplitSettings& settings) {
  SplitOptions options;
  options.seed = static_cast<std::uint64_t>(settings.seed);
  options.validation = settings.validation;
  options.target = target_of(settings.target);
  options.sessions = sessions_of(settings.sessions);
  options.drop_cold_users = settings.cold_users == "drop";
  options.drop_cold_items = settings.cold_items == "drop";
  options.fold_in = settings.fold_in;
  return options;
}

Result<SplitOutcome> run_split(const Dataset& dataset, const SplitPlan& plan, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::vector<Filter> filters, parse_filters(plan.filters));
  CROSSFADE_ASSIGN_OR_RETURN(const SplitRule rule, parse_split(plan.by));
  const SplitOptions options = split_options(plan.settings);
  CROSSFADE_ASSIGN_OR_RETURN(Filtered filtered,
                             filter_dataset(dataset, filters, {options.seed}, context));
  SplitOutcome outcome;
  outcome.filters = std::move(filtered.steps);
  CROSSFADE_ASSIGN_OR_RETURN(outcome.split,
                             split_dataset(filtered.dataset, rule, options, context));
  outcome.report = report_split(outcome.split, context.threads);
  return outcome;
}

Json to_json(const SplitPlan& plan) {
  return Json::object()
      .set("filters", json_list(plan.filters))
      .set("by", plan.by)
      .set("settings", knobs_to_json(plan.settings));
}

}  // namespace crossfade
