// The report as data for machines and as a Document for people.
#include "crossfade/evaluation/eval_report.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

Json metrics_json(const std::vector<MetricResult>& results) {
  Json metrics = Json::object();
  for (const MetricResult& result : results)
    metrics.set(result.name(), Json::object()
                                   .set("mean", result.mean)
                                   .set("low", result.interval.low)
                                   .set("high", result.interval.high));
  return metrics;
}

Json segmentation_json(const Segmentation& segmentation) {
  Json groups = Json::array();
  for (const SegmentGroup& group : segmentation.groups)
    groups.push(Json::object()
                    .set("name", group.name)
                    .set("detail", group.detail)
                    .set("users", group.users)
                    .set("relevant", group.relevant)
                    .set("metrics", metrics_json(group.metrics)));
  return Json::object()
      .set("name", segmentation.name)
      .set("title", segmentation.title)
      .set("note", segmentation.note)
      .set("groups", std::move(groups));
}

}  // namespace

std::string MetricResult::name() const {
  return metric + "@" + std::to_string(k);
}

const MetricResult* EvalReport::find(const std::string& name) const {
  const auto at = std::find_if(metrics.begin(), metrics.end(),
                               [&](const MetricResult& result) { return result.name() == name; });
  return at == metrics.end() ? nullptr : &*at;
}

Status EvalReport::check() const {
  if (counts.users != static_cast<std::int64_t>(users.size()))
    return data_invalid("a report of " + std::to_string(counts.users) + " users lists " +
                        std::to_string(users.size()));
  for (const MetricResult& result : metrics) {
    if (!result.per_user.empty() && result.per_user.size() != users.size())
      return data_invalid(result.name() + " has values for " +
                          std::to_string(result.per_user.size()) + " of " +
                          std::to_string(users.size()) + " users");
    if (!std::isfinite(result.mean)) return data_invalid(result.name() + " has no mean");
    if (result.interval.low > result.interval.high)
      return data_invalid(result.name() + " has an interval that ends before it starts");
  }
  return ok_status();
}

Json to_json(const BootstrapOptions& bootstrap) {
  return Json::object()
      .set("resamples", bootstrap.resamples)
      .set("confidence", bootstrap.confidence)
      .set("seed", static_cast<std::int64_t>(bootstrap.seed));
}

Json to_json(const EvalReport& report) {
  const EvalCounts& counts = report.counts;
  Json counted = Json::object();
  counted.set("users_without_list", counts.users_without_list)
      .set("users_not_in_truth", counts.users_not_in_truth)
      .set("relevant", counts.relevant)
      .set("cold_rows", counts.cold_rows)
      .set("longest_list", counts.longest_list);
  Json json = Json::object()
                  .set("users", counts.users)
                  .set("metrics", metrics_json(report.metrics))
                  .set("counts", std::move(counted))
                  .set("bootstrap", to_json(report.bootstrap))
                  .set("warnings", json_list(report.warnings));
  Json segments = Json::array();
  for (const Segmentation& segmentation : report.segments)
    segments.push(segmentation_json(segmentation));
  if (!report.segments.empty()) json.set("segments", std::move(segments));
  return json;
}

Document make_document(const EvalReport& report, const std::string& title) {
  Document document(title);
  TableBlock table(
      {"metric", "mean", format_number(100 * report.bootstrap.confidence, 0) + "% interval"});
  for (const MetricResult& result : report.metrics)
    table.add_row({Cell::text(result.name()), Cell::number(result.mean, 4),
                   Cell::interval(result.interval.low, result.interval.high, 4)});
  document.add_table(std::move(table));
  document.add_paragraph(
      format_count(report.counts.users) + " users scored against " +
      format_count(report.counts.relevant) +
      " relevant items, over the full catalogue. Intervals: bootstrap over users, " +
      format_count(report.bootstrap.resamples) + " resamples, seed " +
      std::to_string(report.bootstrap.seed) + ".");
  for (const std::string& warning : report.warnings) document.add_paragraph("Note: " + warning);
  return document;
}

}  // namespace crossfade
