// An EvalReport read back from its JSON.
#include "crossfade/base/text.h"
#include "crossfade/evaluation/eval_report.h"

namespace crossfade {
namespace {

double number_or_nan(const Json& json) {
  return json.is_number() ? json.number() : kNotANumber;
}

std::int64_t count_or_zero(const Json& json) {
  return json.is_int() ? *json.as_int() : 0;
}

std::string text_or_empty(const Json& json) {
  const std::string* text = json.as_string();
  return text == nullptr ? "" : *text;
}

// "ndcg@10" and its numbers.
Result<MetricResult> metric_from(const std::string& name, const Json& json) {
  const std::vector<std::string> parts = split(name, '@');
  const auto k = parts.size() == 2 ? parse_int(parts[1]) : std::nullopt;
  if (!k || *k < 1)
    return data_invalid("'" + name + "' is not the name of a metric, as in ndcg@10");
  CROSSFADE_ASSIGN_OR_RETURN(const double mean, json.number_at("mean"));
  MetricResult result;
  result.metric = parts[0];
  result.k = *k;
  result.mean = mean;
  result.interval = {number_or_nan(json["low"]), number_or_nan(json["high"])};
  return result;
}

Result<std::vector<MetricResult>> metrics_from(const Json& json) {
  const Json::Object* members = json.as_object();
  if (members == nullptr) return data_invalid("it has no object 'metrics'");
  std::vector<MetricResult> metrics;
  for (const auto& [name, value] : *members) {
    CROSSFADE_ASSIGN_OR_RETURN(MetricResult metric, metric_from(name, value));
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

Result<Segmentation> segmentation_from(const Json& json) {
  Segmentation segmentation;
  CROSSFADE_ASSIGN_OR_RETURN(segmentation.name, json.string_at("name"));
  segmentation.title = text_or_empty(json["title"]);
  segmentation.note = text_or_empty(json["note"]);
  const Json::Array* groups = json["groups"].as_array();
  if (groups == nullptr) return data_invalid("a segmentation has no list 'groups'");
  for (const Json& from : *groups) {
    SegmentGroup& group = segmentation.groups.emplace_back();
    CROSSFADE_ASSIGN_OR_RETURN(group.name, from.string_at("name"));
    group.detail = text_or_empty(from["detail"]);
    group.users = count_or_zero(from["users"]);
    group.relevant = count_or_zero(from["relevant"]);
    CROSSFADE_ASSIGN_OR_RETURN(group.metrics, metrics_from(from["metrics"]));
  }
  return segmentation;
}

}  // namespace

BootstrapOptions bootstrap_from_json(const Json& json) {
  BootstrapOptions bootstrap;
  bootstrap.resamples = count_or_zero(json["resamples"]);
  if (json["confidence"].is_number()) bootstrap.confidence = json["confidence"].number();
  bootstrap.seed = static_cast<std::uint64_t>(count_or_zero(json["seed"]));
  return bootstrap;
}

Result<EvalReport> eval_report_from_json(const Json& json) {
  EvalReport report;
  CROSSFADE_ASSIGN_OR_RETURN(report.counts.users, json.int_at("users"));
  CROSSFADE_ASSIGN_OR_RETURN(report.metrics, metrics_from(json["metrics"]));
  const Json& counts = json["counts"];
  report.counts.users_without_list = count_or_zero(counts["users_without_list"]);
  report.counts.users_not_in_truth = count_or_zero(counts["users_not_in_truth"]);
  report.counts.relevant = count_or_zero(counts["relevant"]);
  report.counts.cold_rows = count_or_zero(counts["cold_rows"]);
  report.counts.longest_list = count_or_zero(counts["longest_list"]);
  report.bootstrap = bootstrap_from_json(json["bootstrap"]);
  if (const Json::Array* warnings = json["warnings"].as_array())
    for (const Json& warning : *warnings) report.warnings.push_back(text_or_empty(warning));
  if (const Json::Array* segments = json["segments"].as_array())
    for (const Json& from : *segments) {
      CROSSFADE_ASSIGN_OR_RETURN(Segmentation segmentation, segmentation_from(from));
      report.segments.push_back(std::move(segmentation));
    }
  return report;
}

}  // namespace crossfade
