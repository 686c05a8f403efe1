// The order of a report: what was found, then on what it stands.
#include "crossfade/evaluation/evaluation_document.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

using Models = std::vector<JudgedModel>;

std::string percent(double confidence) {
  return format_number(100 * confidence, 0) + "%";
}

std::string interval_text(const Interval& interval) {
  return Cell::interval(interval.low, interval.high, 4).formatted();
}

const JudgedModel& best_of(const Models& models, const std::string& headline) {
  return *std::max_element(models.begin(), models.end(), [&](const auto& a, const auto& b) {
    return a.report.find(headline)->mean < b.report.find(headline)->mean;
  });
}

const PairedComparison* find_pair(const EvaluationResults& results, const std::string& b,
                                  const std::string& headline) {
  for (const NamedComparison& named : results.comparisons)
    if (named.b == b)
      for (const MetricComparison& metric : named.comparison.metrics)
        if (metric.name == headline) return &metric.paired;
  return nullptr;
}

std::string lead_sentence(const EvaluationResults& results, const JudgedModel& best,
                          const std::string& headline) {
  const MetricResult& metric = *best.report.find(headline);
  std::string text = best.name + " leads with " + headline + " of " + format_number(metric.mean, 4);
  if (std::isfinite(metric.interval.low)) text += " " + interval_text(metric.interval);
  text += " on " + format_count(best.report.counts.users) + " users.";
  const PairedComparison* paired = find_pair(results, best.name, headline);
  if (paired == nullptr) return text;
  text += " It is ahead of " + results.models[0].name + " by " +
          format_number(paired->difference, 4) + " " + interval_text(paired->interval);
  const double detectable = paired->minimum_detectable_effect;
  if (std::isfinite(detectable))
    text += paired->difference >= detectable
                ? "; " + format_number(detectable, 4) + " is what this many users can show."
                : ", less than the " + format_number(detectable, 4) +
                      " that this many users can show for sure.";
  return text;
}

void add_summary(const EvaluationResults& results, const std::string& headline,
                 Document& document) {
  const JudgedModel& best = best_of(results.models, headline);
  const MetricResult& metric = *best.report.find(headline);
  if (results.models.size() > 1) document.add_paragraph(lead_sentence(results, best, headline));
  const EvalCounts& counts = best.report.counts;
  std::vector<FactsBlock::Fact> facts;
  if (results.models.size() > 1)
    facts.push_back({"best of " + std::to_string(results.models.size()) + " models",
                     Cell::text(best.name), "by " + headline});
  facts.push_back({headline, Cell::number(metric.mean, 4),
                   std::isfinite(metric.interval.low) ? interval_text(metric.interval) : ""});
  facts.push_back({"users scored", Cell::count(counts.users),
                   format_count(counts.relevant) + " relevant items"});
  const std::string coverage = "coverage@" + std::to_string(metric.k);
  if (const MetricResult* shown = best.report.find(coverage))
    facts.push_back({coverage, Cell::number(shown->mean, 3), "of the catalogue shown"});
  document.add_facts(std::move(facts));
  if (const std::string warnings = warnings_text(results.models); !warnings.empty())
    document.add_paragraph(warnings);
}

void add_plot(PlotBlock plot, Document& document) {
  if (!plot.series.empty()) document.add_plot(std::move(plot));
}

// The headline itself, and at its k the metrics that most people ask for.
bool is_overview(const MetricResult& metric, const MetricResult& headline) {
  if (metric.k != headline.k) return false;
  for (const char* name : {"ndcg", "recall", "hit_rate", "coverage"})
    if (metric.metric == name) return true;
  return metric.metric == headline.metric;
}

void add_models(const Models& models, const std::string& headline, Document& document) {
  const MetricResult& metric = *models[0].report.find(headline);
  document.add_heading(models.size() > 1 ? "Models" : "Metrics");
  Models few = models;  // what fits a page; every metric at every k stands further below
  for (JudgedModel& model : few)
    std::erase_if(model.report.metrics, [&](const auto& one) { return !is_overview(one, metric); });
  document.add_table(overview_table(few));
  const BootstrapOptions& bootstrap = models[0].report.bootstrap;
  document.add_paragraph("Over the full catalogue. Intervals hold the mean with " +
                         percent(bootstrap.confidence) + " confidence: bootstrap over users, " +
                         format_count(bootstrap.resamples) + " resamples, seed " +
                         std::to_string(bootstrap.seed) + ".");
  if (models.size() > 1) document.add_plot(headline_plot(models, headline));
  add_plot(depth_plot(models, metric.metric), document);
  PlotBlock coverage = trade_off_plot(models, "coverage@" + std::to_string(metric.k), headline);
  PlotBlock novelty = trade_off_plot(models, "novelty@" + std::to_string(metric.k), headline);
  if (models.size() < 2 || coverage.series.empty()) return;
  document.add_heading("Coverage and novelty against accuracy");
  document.add_plot(std::move(coverage));
  add_plot(std::move(novelty), document);
}

// What one group of one model came to, or nothing.
const SegmentGroup* find_group(const JudgedModel& model, const std::string& segmentation,
                               const std::string& name) {
  for (const Segmentation& one : model.report.segments)
    if (one.name == segmentation)
      for (const SegmentGroup& group : one.groups)
        if (group.name == name) return &group;
  return nullptr;
}

TableBlock segment_table(const Models& models, const Segmentation& segmentation,
                         const std::string& headline) {
  TableBlock table({"group", "users", "relevant", "model", headline, "95%"});
  for (const SegmentGroup& row : segmentation.groups)
    for (const JudgedModel& model : models) {
      const SegmentGroup* group = find_group(model, segmentation.name, row.name);
      if (group == nullptr) continue;
      for (const MetricResult& metric : group->metrics)
        if (metric.name() == headline)
          table.add_row({Cell::text(group->name), Cell::count(group->users),
                         Cell::count(group->relevant), Cell::text(model.name),
                         Cell::number(metric.mean, 4),
                         Cell::interval(metric.interval.low, metric.interval.high, 4)});
    }
  return table;
}

void add_segments(const Models& models, const std::string& headline, Document& document) {
  const auto with = std::find_if(models.begin(), models.end(), [](const JudgedModel& model) {
    return !model.report.segments.empty();
  });
  if (with == models.end()) return;
  document.add_heading("Segments");
  for (const Segmentation& segmentation : with->report.segments) {
    if (segmentation.groups.empty()) continue;
    add_plot(segment_plot(models, segmentation.name, headline), document);
    std::string note = segmentation.note;
    for (const SegmentGroup& group : segmentation.groups)
      if (!group.detail.empty()) note += "\n" + group.name + ": " + group.detail + ".";
    document.add_paragraph(note);
    document.add_table(segment_table(models, segmentation, headline));
  }
}

void add_comparisons(const EvaluationResults& results, const std::string& headline,
                     Document& document) {
  if (results.comparisons.empty()) return;
  document.add_heading("Differences");
  document.add_table(comparison_table(results.comparisons, headline));
  document.add_paragraph(comparison_note());
}

void add_all_metrics(const Models& models, Document& document) {
  TableBlock table({"model", "metric", "k", "mean", "95%"});
  for (const JudgedModel& model : models)
    for (const MetricResult& metric : model.report.metrics)
      table.add_row({Cell::text(model.name), Cell::text(metric.metric), Cell::count(metric.k),
                     Cell::number(metric.mean, 4),
                     Cell::interval(metric.interval.low, metric.interval.high, 4)});
  document.add_heading("Every metric");
  document.add_table(std::move(table));
}

// Nested members as "outer.inner"; a list of plain values on one line, of others only how many.
void add_provenance(const Json& json, const std::string& name, TableBlock& table) {
  if (const Json::Object* members = json.as_object()) {
    for (const auto& [key, value] : *members)
      add_provenance(value, name.empty() ? key : name + "." + key, table);
    return;
  }
  const std::string* text = json.as_string();
  const Json::Array* list = json.as_array();
  const bool nested = list != nullptr && !list->empty() && (*list)[0].is_object();
  table.add_row(
      {Cell::text(name), Cell::text(text != nullptr ? *text
                                    : nested        ? std::to_string(list->size()) +
                                                   (list->size() == 1 ? " entry" : " entries")
                                             : to_text(json))});
}

}  // namespace

TableBlock overview_table(const Models& models) {
  std::vector<std::string> headings{"list"};
  for (const MetricResult& metric : models[0].report.metrics) {
    headings.push_back(metric.name());
    if (std::isfinite(metric.interval.low)) headings.push_back("95%");
  }
  TableBlock table(headings);
  for (const JudgedModel& model : models) {
    std::vector<Cell> row{Cell::text(model.name)};
    for (const MetricResult& column : models[0].report.metrics) {
      const MetricResult* metric = model.report.find(column.name());
      row.push_back(metric ? Cell::number(metric->mean, 4) : Cell());
      if (std::isfinite(column.interval.low))
        row.push_back(metric ? Cell::interval(metric->interval.low, metric->interval.high, 4)
                             : Cell());
    }
    table.add_row(std::move(row));
  }
  return table;
}

TableBlock comparison_table(const std::vector<NamedComparison>& comparisons,
                            const std::string& metric) {
  const std::string against = comparisons.empty() ? "" : " against " + comparisons[0].a;
  TableBlock table({metric + against, "difference", "95%", "p", "detectable"});
  for (const NamedComparison& named : comparisons)
    for (const MetricComparison& one : named.comparison.metrics)
      if (one.name == metric)
        table.add_row({Cell::text(named.b), Cell::number(one.paired.difference, 4),
                       Cell::interval(one.paired.interval.low, one.paired.interval.high, 4),
                       Cell::number(one.paired.p_value, 4),
                       Cell::number(one.paired.minimum_detectable_effect, 4)});
  return table;
}

std::string comparison_note() {
  return "Paired over users; p is of the paired t test; detectable is the smallest true "
         "difference\n"
         "that this many users show with probability 0.8 at level 0.05. --json has all metrics.";
}

std::string warnings_text(const Models& models) {
  std::map<std::string, std::vector<std::string>> names_of;
  for (const JudgedModel& model : models)
    for (const std::string& warning : model.report.warnings)
      names_of[warning].push_back(model.name);
  std::string text;
  for (const auto& [warning, names] : names_of) {
    const bool all = names.size() == models.size();
    text += std::string(text.empty() ? "" : "\n") + (all ? "" : join(names, ", ") + ": ") + warning;
  }
  return text;
}

Result<Document> evaluation_document(const EvaluationResults& results,
                                     const EvaluationDocumentOptions& options) {
  const Models& models = results.models;
  if (models.empty() || models[0].report.metrics.empty())
    return usage_error("a report needs at least one evaluation with metrics");
  const std::string headline =
      options.headline.empty() ? models[0].report.metrics[0].name() : options.headline;
  for (const JudgedModel& model : models) {
    if (model.report.find(headline) != nullptr) continue;
    std::vector<std::string> known;
    for (const MetricResult& metric : model.report.metrics) known.push_back(metric.name());
    return unknown_name("metric of " + model.name, headline, known);
  }
  Document document(options.title);
  add_summary(results, headline, document);
  add_models(models, headline, document);
  add_segments(models, headline, document);
  add_comparisons(results, headline, document);
  for (const Document& part : options.data) document.append(part);
  add_all_metrics(models, document);
  if (const Json::Object* members = options.provenance.as_object();
      members != nullptr && !members->empty()) {
    document.add_heading("Provenance");
    TableBlock table({"what", "value"});
    add_provenance(options.provenance, "", table);
    document.add_table(std::move(table));
  }
  return document;
}

}  // namespace crossfade
