// The analysis: each step is one of the room's methods over the users of two arms.
#include <algorithm>
#include <cmath>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/cuped.h"
#include "crossfade/experiments/experiment_result.h"

namespace crossfade {
namespace {

constexpr double kUsualPower = 0.8;

std::string arm_text(std::size_t arm) {
  return treatment_name(static_cast<TreatmentIndex>(arm));
}

Status check_options(const ExperimentInput& input, const ExperimentOptions& options) {
  if (!(options.alpha > 0 && options.alpha < 1))
    return usage_error("alpha is " + format_shortest(options.alpha) + "; it lies between 0 and 1");
  if (options.resamples < 0 || options.aa_trials < 0 || options.looks < 0)
    return usage_error("resamples, AA trials and looks are numbers from 0 on");
  if (options.planned_users < 1) return usage_error("planned users are a number from 1 on");
  const auto arms = static_cast<std::size_t>(input.dealt.num_arms);
  if (!options.weights.empty() && options.weights.size() != arms)
    return usage_error(counted(std::ssize(options.weights), "weight", "weights") + " for the " +
                       std::to_string(arms) + " arms of the experiment; give one each");
  for (const double weight : options.weights)
    if (!(weight >= 0 && std::isfinite(weight)))
      return usage_error("a weight is a number of at least 0");
  return ok_status();
}

Status check_arms(const std::string& name, const std::vector<ArmSummary>& arms) {
  const bool any_treated = std::any_of(arms.begin() + 1, arms.end(),
                                       [](const ArmSummary& arm) { return arm.users > 0; });
  const std::string where = "experiment '" + name + "': ";
  if (arms[0].users == 0)
    return data_invalid(where +
                        "no user of the control C has a finished session, so there is "
                        "nothing to compare with");
  if (!any_treated)
    return data_invalid(where +
                        "no user of a treatment has a finished session, only the control C");
  return ok_status();
}

std::vector<ArmSummary> summaries(const std::vector<UserSums>& arms) {
  std::vector<ArmSummary> list;
  for (const UserSums& arm : arms) {
    ArmSummary summary;
    for (std::size_t row = 0; row < arm.size(); ++row) {
      ++summary.users;
      summary.sessions += static_cast<std::int64_t>(arm.sessions[row]);
      summary.tracks += static_cast<std::int64_t>(arm.tracks[row]);
      summary.time += arm.times[row];
    }
    list.push_back(summary);
  }
  return list;
}

// A metric of every arm, with what CUPED makes of it if there is a past.
struct ArmsOfMetric {
  std::vector<MetricValues> arms;
  CupedResult cuped;
};

ArmsOfMetric arms_of_metric(const UserMetric& metric, const std::vector<UserSums>& arms,
                            const UserSums* past, std::size_t num_users) {
  ArmsOfMetric result;
  for (const UserSums& arm : arms) result.arms.push_back(metric_values(metric, arm));
  if (past == nullptr) return result;
  std::vector<double> past_of_user(num_users, kNotANumber);
  const MetricValues before = metric_values(metric, *past);
  for (std::size_t i = 0; i < before.users.size(); ++i)
    past_of_user[static_cast<std::size_t>(before.users[i])] = before.values[i];
  std::vector<CupedArm> cuped_arms;
  for (const MetricValues& arm : result.arms) {
    cuped_arms.push_back({arm.values, {}});
    for (const UserIndex user : arm.users)
      cuped_arms.back().covariates.push_back(past_of_user[static_cast<std::size_t>(user)]);
  }
  result.cuped = cuped(cuped_arms);
  return result;
}

// Adjusts the p-values of one metric's effects, which stand one after another.
void correct(std::span<MetricEffect> effects, Correction correction) {
  std::vector<double> p, shares;
  for (const MetricEffect& effect : effects) {
    const ArmComparison& arms = effect.comparison;
    p.push_back(arms.p_value);
    shares.push_back(arms.control.mean_variance() /
                     (arms.control.mean_variance() + arms.treatment.mean_variance()));
    if (std::isnan(shares.back())) shares.back() = 0.5;
  }
  std::vector<double> adjusted = p;
  if (correction == Correction::kHolm) adjusted = holm(p);
  if (correction == Correction::kBenjaminiHochberg) adjusted = benjamini_hochberg(p);
  if (correction == Correction::kDunnett) adjusted = dunnett(p, shares);
  for (std::size_t i = 0; i < effects.size(); ++i) effects[i].adjusted_p = adjusted[i];
}

std::vector<MetricEffect> effects_of_metric(const UserMetric& metric, const ArmsOfMetric& arms,
                                            const ExperimentOptions& options, ThreadPool& threads) {
  const double confidence = 1 - options.alpha;
  const MetricValues& control = arms.arms[0];
  const ArmMean control_mean = arm_mean(control.values);
  std::vector<MetricEffect> effects;
  for (std::size_t k = 1; k < arms.arms.size(); ++k) {
    const MetricValues& treatment = arms.arms[k];
    MetricEffect effect;
    effect.metric = metric;
    effect.treatment = static_cast<TreatmentIndex>(k);
    effect.comparison = compare_arms(control_mean, arm_mean(treatment.values), confidence);
    effect.bootstrap_percent = bootstrap_relative_percent(
        {control.numerators, control.denominators}, {treatment.numerators, treatment.denominators},
        {options.resamples, confidence, options.seed}, threads);
    if (control_mean.mean > 0)
      effect.detectable_percent = 100 *
                                  minimum_detectable_effect(effect.comparison.standard_error, 1,
                                                            options.alpha, kUsualPower) /
                                  control_mean.mean;
    if (arms.cuped.users_with_past > 0 && control.values.size() > 1) {
      effect.cuped = compare_adjusted({control.values, arms.cuped.values[0]}, arms.cuped.values[k],
                                      confidence);
      effect.cuped_correlation = arms.cuped.correlation;
    }
    effects.push_back(std::move(effect));
  }
  correct(effects, options.correction);
  return effects;
}

std::vector<SegmentEffect> segment_effects(const UserSegments& segments, const UserMetric& metric,
                                           const UserSums& sums, const Dealt& dealt,
                                           double confidence) {
  std::vector<std::string> names = segments.of_user;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<SegmentEffect> effects;
  for (const std::string& name : names) {
    if (name.empty()) continue;
    Dealt within = dealt;
    for (std::size_t user = 0; user < within.arm_of_user.size(); ++user)
      if (segments.of_user[user] != name) within.arm_of_user[user] = kNoTreatment;
    const std::vector<UserSums> arms = split_by_arm(sums, within);
    const ArmMean control = arm_mean(metric_values(metric, arms[0]).values);
    for (std::size_t k = 1; k < arms.size(); ++k)
      effects.push_back(
          {segments.name, name, static_cast<TreatmentIndex>(k),
           compare_arms(control, arm_mean(metric_values(metric, arms[k]).values), confidence)});
  }
  return effects;
}

void warn(const ExperimentInput& input, ExperimentResult& result) {
  const auto warn_of = [&](std::string sentence) {
    result.warnings.push_back(std::move(sentence));
  };
  if (result.sample_ratio.is_alarm())
    warn_of(
        "The arms do not have the users they were promised (sample-ratio mismatch): something "
        "between the dealing and the log loses or doubles users of some arm. Find it before "
        "you read anything below.");
  if (input.dealt.users_dealt_otherwise > 0)
    warn_of(
        format_count(input.dealt.users_dealt_otherwise) + " of " +
        format_count(std::count_if(input.dealt.arm_of_user.begin(), input.dealt.arm_of_user.end(),
                                   [](auto arm) { return arm != kNoTreatment; })) +
        (input.dealt.users_dealt_otherwise == 1 ? " users was" : " users were") +
        " in another arm than the weights and the traffic that were given deal "
        "them into: the service dealt otherwise. The arms are those of the log; the check of "
        "the sample ratio takes the given shares and may be wrong.");
  for (std::size_t arm = 0; arm < result.arms.size(); ++arm)
    if (result.arms[arm].users < 2)
      warn_of("Arm " + arm_text(arm) + " has " + counted(result.arms[arm].users, "user", "users") +
              " with a finished session; two are the least that can be compared.");
  if (input.past != nullptr && result.users_with_past == 0)
    warn_of(
        "No user of an arm has a session in the time before the experiment, so neither CUPED nor "
        "the activity before can say anything.");
  if (input.dealt.users_in_several > 0)
    warn_of(counted(input.dealt.users_in_several,
                    "user was met in more than one arm and is left out.",
                    "users were met in more than one arm and are left out."));
  for (const AaOfMetric& aa : result.aa)
    if (aa.check.is_alarm(result.options.alpha))
      warn_of("On " + aa.metric + " the test raises too many false alarms (AA check: " +
              format_number(100 * aa.check.rate(), 1) + "% of dealings of the control).");
  for (const TreatmentDays& days : result.days)
    if (days.trend_p < 0.01)
      warn_of("The effect of " + treatment_name(days.treatment) + " changes by " +
              format_number(days.trend_percent, 2) +
              " points a day: it may wear off (novelty) or grow (habit).");
}

}  // namespace

UserSegments activity_segments(const UserSums& past, const Dealt& dealt) {
  UserSegments segments{"activity before", {}};
  segments.of_user.assign(dealt.arm_of_user.size(), "new");
  std::vector<double> sorted = past.sessions;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) return segments;
  const double low = sorted[sorted.size() / 3], high = sorted[sorted.size() * 2 / 3];
  for (std::size_t row = 0; row < past.size(); ++row)
    segments.of_user[static_cast<std::size_t>(past.users[row])] = past.sessions[row] <= low ? "few"
                                                                  : past.sessions[row] <= high
                                                                      ? "some"
                                                                      : "many";
  return segments;
}

Result<ExperimentResult> analyze_experiment(const ExperimentInput& input,
                                            const ExperimentOptions& options, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check_options(input, options));
  CROSSFADE_ASSIGN_OR_RETURN(const UserMetric headline, find_user_metric(options.metric));
  const UserSums sums = sum_by_user(input.sessions);
  const std::vector<UserSums> arms = split_by_arm(sums, input.dealt);
  ExperimentResult result;
  result.name = input.name;
  result.options = options;
  result.users_in_several = input.dealt.users_in_several;
  result.users_in_none = input.dealt.users_in_none;
  result.users_dealt_otherwise = input.dealt.users_dealt_otherwise;
  result.arms = summaries(arms);
  CROSSFADE_RETURN_IF_ERROR(check_arms(input.name, result.arms));
  std::vector<std::int64_t> users;
  for (const ArmSummary& arm : result.arms) users.push_back(arm.users);
  result.sample_ratio = check_sample_ratio(users, options.weights);

  const double confidence = 1 - options.alpha;
  for (const UserMetric& metric : all_user_metrics()) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const ArmsOfMetric values =
        arms_of_metric(metric, arms, input.past, input.dealt.arm_of_user.size());
    result.users_with_past = std::max(result.users_with_past, values.cuped.users_with_past);
    for (MetricEffect& effect : effects_of_metric(metric, values, options, context.threads))
      result.effects.push_back(std::move(effect));
    if (metric.is_published || metric.name == options.metric)
      result.aa.push_back({metric.name, check_aa(values.arms[0].values, options.aa_trials,
                                                 options.alpha, options.seed, context.threads)});
  }
  std::stable_sort(result.effects.begin(), result.effects.end(),
                   [](const auto& a, const auto& b) { return a.treatment < b.treatment; });
  result.looks = look_over_time(input.sessions, input.dealt, headline,
                                {options.looks, options.planned_users, options.alpha});
  result.days = effects_by_day(input.sessions, input.dealt, headline, confidence);
  result.in_order = sessions_in_order(input.sessions, input.dealt);
  for (const UserSegments& segments : input.segments)
    for (SegmentEffect& effect : segment_effects(segments, headline, sums, input.dealt, confidence))
      result.segments.push_back(std::move(effect));
  warn(input, result);
  return result;
}

}  // namespace crossfade
