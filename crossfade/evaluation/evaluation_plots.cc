// The plots of an evaluation: numbers and names only, drawn by report/.
#include <algorithm>
#include <map>

#include "crossfade/evaluation/evaluation_document.h"

namespace crossfade {
namespace {

constexpr std::size_t kModelsInBars = 8;  // more bars per group can no longer be told apart

const Segmentation* find_segmentation(const EvalReport& report, const std::string& name) {
  for (const Segmentation& segmentation : report.segments)
    if (segmentation.name == name) return &segmentation;
  return nullptr;
}

const MetricResult* find_metric(const std::vector<MetricResult>& metrics, const std::string& name) {
  for (const MetricResult& metric : metrics)
    if (metric.name() == name) return &metric;
  return nullptr;
}

void add_point(const MetricResult& metric, PlotBlock::Series& series) {
  series.y.push_back(metric.mean);
  series.low.push_back(metric.interval.low);
  series.high.push_back(metric.interval.high);
}

void add_missing(PlotBlock::Series& series) {
  series.y.push_back(kNotANumber);
  series.low.push_back(kNotANumber);
  series.high.push_back(kNotANumber);
}

// Places of the models in the order of falling headline.
std::vector<std::size_t> by_headline(const std::vector<JudgedModel>& models,
                                     const std::string& headline) {
  std::vector<std::size_t> order(models.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return models[a].report.find(headline)->mean > models[b].report.find(headline)->mean;
  });
  return order;
}

}  // namespace

PlotBlock headline_plot(const std::vector<JudgedModel>& models, const std::string& headline) {
  PlotBlock plot{.caption = headline + " of each model, with its interval",
                 .shape = PlotBlock::Shape::kBars,
                 .x_label = "model",
                 .y_label = headline};
  PlotBlock::Series series{.name = headline};
  for (const std::size_t i : by_headline(models, headline)) {
    plot.categories.push_back(models[i].name);
    add_point(*models[i].report.find(headline), series);
  }
  plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock depth_plot(const std::vector<JudgedModel>& models, const std::string& metric) {
  PlotBlock plot{.caption = metric + " by the length of the list",
                 .x_label = "k, length of the list",
                 .y_label = metric};
  for (const JudgedModel& model : models) {
    PlotBlock::Series series{.name = model.name};
    for (const MetricResult& result : model.report.metrics) {
      if (result.metric != metric) continue;
      series.x.push_back(static_cast<double>(result.k));
      add_point(result, series);
    }
    if (series.y.size() > 1) plot.series.push_back(std::move(series));
  }
  return plot;
}

PlotBlock trade_off_plot(const std::vector<JudgedModel>& models, const std::string& other,
                         const std::string& headline) {
  PlotBlock plot{.caption = other + " against " + headline,
                 .shape = PlotBlock::Shape::kPoints,
                 .x_label = other,
                 .y_label = headline};
  PlotBlock::Series series{.name = "models"};
  for (const JudgedModel& model : models) {
    const MetricResult* across = model.report.find(other);
    const MetricResult* up = model.report.find(headline);
    if (across == nullptr || up == nullptr) continue;
    series.x.push_back(across->mean);
    add_point(*up, series);
    series.labels.push_back(model.name);
  }
  if (!series.y.empty()) plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock segment_plot(const std::vector<JudgedModel>& models, const std::string& segmentation,
                       const std::string& headline) {
  PlotBlock plot{.shape = PlotBlock::Shape::kBars, .y_label = headline};
  std::vector<std::size_t> order = by_headline(models, headline);
  if (order.size() > kModelsInBars) order.resize(kModelsInBars);
  std::sort(order.begin(), order.end());
  for (const std::size_t i : order) {
    const Segmentation* part = find_segmentation(models[i].report, segmentation);
    if (part == nullptr) continue;
    if (plot.categories.empty()) {
      plot.caption = part->title;
      for (const SegmentGroup& group : part->groups) plot.categories.push_back(group.name);
    }
    PlotBlock::Series series{.name = models[i].name};
    for (const std::string& category : plot.categories) {
      const auto group = std::find_if(part->groups.begin(), part->groups.end(),
                                      [&](const auto& one) { return one.name == category; });
      const MetricResult* metric =
          group == part->groups.end() ? nullptr : find_metric(group->metrics, headline);
      if (metric != nullptr)
        add_point(*metric, series);
      else
        add_missing(series);
    }
    plot.series.push_back(std::move(series));
  }
  if (models.size() > order.size())
    plot.caption += " (the best " + std::to_string(order.size()) + " models)";
  return plot;
}

}  // namespace crossfade
