// Numbers and names only; sizes and colours are decided in report/.
#include "crossfade/experiments/experiment_plots.h"

#include <cmath>
#include <string_view>

namespace crossfade {
namespace {

constexpr double kMsPerSecond = 1000;
constexpr std::string_view kLatencyMetric = "mean_request_latency";

void add_point(double y, const Interval& interval, PlotBlock::Series& series) {
  series.y.push_back(y);
  series.low.push_back(interval.low);
  series.high.push_back(interval.high);
}

PlotBlock in_order_plot(const std::vector<SessionsInOrder>& arms, bool is_time) {
  PlotBlock plot{.caption = std::string(is_time ? "Time" : "Tracks") +
                            " of the users' sessions in their order, with 95% intervals",
                 .x_label = "session of the user",
                 .y_label = is_time ? "time per session" : "tracks per session"};
  for (const SessionsInOrder& arm : arms) {
    PlotBlock::Series series{.name = treatment_name(arm.arm)};
    const std::vector<ArmMean>& means = is_time ? arm.times : arm.tracks;
    for (std::size_t k = 0; k < means.size(); ++k) {
      const double half = 1.96 * std::sqrt(means[k].mean_variance());
      series.x.push_back(static_cast<double>(k + 1));
      add_point(means[k].mean, {means[k].mean - half, means[k].mean + half}, series);
    }
    if (!series.x.empty()) plot.series.push_back(std::move(series));
  }
  return plot;
}

PlotBlock plot_of_effects(const ExperimentResult& result, bool is_latency,
                          const std::string& caption) {
  PlotBlock plot{.caption = caption,
                 .shape = PlotBlock::Shape::kBars,
                 .x_label = "metric",
                 .y_label = "effect, percent"};
  for (const MetricEffect& effect : result.effects) {
    if (!effect.metric.is_published || (effect.metric.name == kLatencyMetric) != is_latency)
      continue;
    if (is_latency && std::isnan(effect.comparison.percent)) continue;
    const std::string name = treatment_name(effect.treatment);
    if (plot.series.empty() || plot.series.back().name != name)
      plot.series.push_back({.name = name});
    if (plot.series.size() == 1) plot.categories.push_back(effect.metric.name);
    add_point(effect.comparison.percent, effect.comparison.relative_percent, plot.series.back());
  }
  return plot;
}

}  // namespace

PlotBlock effects_plot(const ExperimentResult& result) {
  return plot_of_effects(result, false,
                         "Effect of each treatment in percent of the control, with intervals");
}

PlotBlock latency_plot(const ExperimentResult& result) {
  return plot_of_effects(result, true, "Effect of each treatment on the latency, in percent");
}

PlotBlock looks_plot(const TreatmentLooks& looks, const std::string& metric) {
  PlotBlock plot{.caption = "Effect of " + treatment_name(looks.treatment) + " on " + metric +
                            " as sessions came in: the always-valid bounds may be looked at any "
                            "time, the fixed ones once",
                 .x_label = "sessions so far",
                 .y_label = "effect, percent"};
  PlotBlock::Series always{.name = "always valid"}, fixed{.name = "fixed"};
  for (const Look& look : looks.looks) {
    if (!look.counts) continue;
    for (auto* series : {&always, &fixed}) series->x.push_back(static_cast<double>(look.sessions));
    add_point(look.comparison.percent, look.always_valid, always);
    add_point(look.comparison.percent, look.fixed, fixed);
  }
  if (always.x.size() > 1) plot.series = {std::move(always), std::move(fixed)};
  return plot;
}

PlotBlock days_plot(const std::vector<TreatmentDays>& days, const std::string& metric) {
  PlotBlock plot{.caption = "Effect on " + metric + " of each day by itself",
                 .x_label = "day",
                 .y_label = "effect, percent",
                 .x_axis = PlotBlock::Axis::kTime};
  for (const TreatmentDays& of_treatment : days) {
    PlotBlock::Series series{.name = treatment_name(of_treatment.treatment)};
    for (std::size_t i = 0; i < of_treatment.days_ms.size(); ++i) {
      series.x.push_back(static_cast<double>(of_treatment.days_ms[i]) / kMsPerSecond);
      add_point(of_treatment.comparisons[i].percent, of_treatment.comparisons[i].relative_percent,
                series);
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

PlotBlock tracks_in_order_plot(const std::vector<SessionsInOrder>& arms) {
  return in_order_plot(arms, false);
}

PlotBlock times_in_order_plot(const std::vector<SessionsInOrder>& arms) {
  return in_order_plot(arms, true);
}

}  // namespace crossfade
