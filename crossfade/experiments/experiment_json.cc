// The result as JSON: all of it, and the published checker's form.
#include "crossfade/base/text.h"
#include "crossfade/experiments/experiment_result.h"

namespace crossfade {
namespace {

Json interval_json(const Interval& interval) {
  return Json::array().push(interval.low).push(interval.high);
}

Json comparison_json(const ArmComparison& arms) {
  Json json = Json::object();
  json.set("control_users", arms.control.users).set("treatment_users", arms.treatment.users);
  json.set("control_mean", arms.control.mean).set("treatment_mean", arms.treatment.mean);
  json.set("difference", arms.difference).set("standard_error", arms.standard_error);
  json.set("interval", interval_json(arms.interval)).set("p_value", arms.p_value);
  json.set("percent", arms.percent);
  json.set("published_percent", interval_json(arms.published_percent));
  return json.set("relative_percent", interval_json(arms.relative_percent));
}

Json effect_json(const MetricEffect& effect, double alpha) {
  Json json = Json::object();
  json.set("treatment", treatment_name(effect.treatment)).set("metric", effect.metric.name);
  const Json comparison = comparison_json(effect.comparison);
  for (const auto& [key, value] : *comparison.as_object()) json.set(key, value);
  json.set("bootstrap_percent", interval_json(effect.bootstrap_percent));
  json.set("adjusted_p", effect.adjusted_p).set("significant", effect.is_significant(alpha));
  json.set("detectable_percent", effect.detectable_percent);
  if (effect.cuped)
    json.set("cuped", comparison_json(*effect.cuped).set("correlation", effect.cuped_correlation));
  return json;
}

Json looks_json(const TreatmentLooks& of_treatment) {
  Json list = Json::array();
  for (const Look& look : of_treatment.looks)
    list.push(Json::object()
                  .set("end_ms", look.end_ms)
                  .set("sessions", look.sessions)
                  .set("users", look.users)
                  .set("percent", look.comparison.percent)
                  .set("always_valid", interval_json(look.always_valid))
                  .set("fixed", interval_json(look.fixed))
                  .set("p_value", look.p_value));
  return Json::object()
      .set("treatment", treatment_name(of_treatment.treatment))
      .set("looks", std::move(list));
}

Json days_json(const TreatmentDays& days) {
  Json list = Json::array();
  for (std::size_t i = 0; i < days.days_ms.size(); ++i)
    list.push(Json::object()
                  .set("day_ms", days.days_ms[i])
                  .set("percent", days.comparisons[i].percent)
                  .set("relative_percent", interval_json(days.comparisons[i].relative_percent)));
  return Json::object()
      .set("treatment", treatment_name(days.treatment))
      .set("days", std::move(list))
      .set("trend_percent_per_day", days.trend_percent)
      .set("trend_p", days.trend_p);
}

Json arm_json(std::size_t arm, const ArmSummary& summary) {
  return Json::object()
      .set("arm", treatment_name(static_cast<TreatmentIndex>(arm)))
      .set("users", summary.users)
      .set("sessions", summary.sessions)
      .set("tracks", summary.tracks)
      .set("time", summary.time);
}

Json in_order_json(const SessionsInOrder& in_order) {
  Json tracks = Json::array(), times = Json::array();
  for (const ArmMean& mean : in_order.tracks) tracks.push(mean.mean);
  for (const ArmMean& mean : in_order.times) times.push(mean.mean);
  return Json::object()
      .set("arm", treatment_name(in_order.arm))
      .set("tracks", std::move(tracks))
      .set("time", std::move(times));
}

template <class List, class Form>
Json list_of(const List& list, Form&& form) {
  Json json = Json::array();
  for (const auto& entry : list) json.push(form(entry));
  return json;
}

}  // namespace

Json checker_json(const ExperimentResult& result) {
  Json effects = Json::array();
  for (const MetricEffect& effect : result.effects) {
    if (!effect.metric.is_published) continue;
    const ArmComparison& arms = effect.comparison;
    effects.push(Json::object()
                     .set("treatment", treatment_name(effect.treatment))
                     .set("metric", effect.metric.name)
                     .set("control_mean", arms.control.mean)
                     .set("treatment_mean", arms.treatment.mean)
                     .set("effect_pct", arms.percent)
                     .set("lower_pct", arms.published_percent.low)
                     .set("upper_pct", arms.published_percent.high)
                     .set("significant", arms.is_significant()));
  }
  return Json::object().set("all_effects", std::move(effects));
}

Json to_json(const ExperimentResult& result) {
  Json json = Json::object();
  json.set("experiment", result.name).set("metric", result.options.metric);
  json.set("alpha", result.options.alpha);
  json.set("correction", correction_name(result.options.correction));
  json.set("warnings", json_list(result.warnings));
  Json arms = Json::array();
  for (std::size_t arm = 0; arm < result.arms.size(); ++arm)
    arms.push(arm_json(arm, result.arms[arm]));
  json.set("arms", std::move(arms));
  json.set("users_in_several_arms", result.users_in_several);
  json.set("users_in_no_arm", result.users_in_none);
  json.set("users_dealt_otherwise", result.users_dealt_otherwise);
  json.set("sample_ratio", Json::object()
                               .set("chi_squared", result.sample_ratio.chi_squared)
                               .set("p_value", result.sample_ratio.p_value)
                               .set("alarm", result.sample_ratio.is_alarm()));
  json.set("users_with_past", result.users_with_past);
  json.set("effects", list_of(result.effects, [&](const MetricEffect& effect) {
             return effect_json(effect, result.options.alpha);
           }));
  json.set("looks", list_of(result.looks, looks_json));
  json.set("days", list_of(result.days, days_json));
  json.set("sessions_in_order", list_of(result.in_order, in_order_json));
  json.set("segments", list_of(result.segments, [](const SegmentEffect& effect) {
             return comparison_json(effect.comparison)
                 .set("segmentation", effect.segmentation)
                 .set("segment", effect.segment)
                 .set("treatment", treatment_name(effect.treatment));
           }));
  json.set("aa", list_of(result.aa, [](const AaOfMetric& aa) {
             return Json::object()
                 .set("metric", aa.metric)
                 .set("trials", aa.check.trials)
                 .set("alarms", aa.check.alarms)
                 .set("rate", aa.check.trials > 0 ? Json(aa.check.rate()) : Json())
                 .set("interval", interval_json(aa.check.interval));
           }));
  json.set("log", to_json(result.traffic));
  return json.set("sessions", to_json(result.session_report));
}

}  // namespace crossfade
