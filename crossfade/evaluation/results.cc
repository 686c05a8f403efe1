// Names travel beside the numbers, so that files from several runs can be put together.
#include "crossfade/evaluation/results.h"

namespace crossfade {
namespace {

Result<JudgedModel> model_from(const Json& json, const std::string& otherwise) {
  const std::string* name = json["name"].as_string();
  auto report = eval_report_from_json(json);
  if (!report.ok())
    return data_invalid("this is not what evaluate --json writes: " + report.status().message());
  return JudgedModel{name != nullptr ? *name : otherwise, *std::move(report)};
}

Result<NamedComparison> comparison_from(const Json& json) {
  NamedComparison named;
  CROSSFADE_ASSIGN_OR_RETURN(named.a, json.string_at("a"));
  CROSSFADE_ASSIGN_OR_RETURN(named.b, json.string_at("b"));
  CROSSFADE_ASSIGN_OR_RETURN(named.comparison, comparison_from_json(json["comparison"]));
  return named;
}

}  // namespace

Status compare_with_first(EvaluationResults& results, const BootstrapOptions& options,
                          ThreadPool& threads) {
  for (std::size_t i = 1; i < results.models.size(); ++i) {
    const JudgedModel &first = results.models[0], &other = results.models[i];
    CROSSFADE_ASSIGN_OR_RETURN(Comparison comparison,
                               compare(first.report, other.report, options, threads));
    results.comparisons.push_back({first.name, other.name, std::move(comparison)});
  }
  return ok_status();
}

Json to_json(const EvaluationResults& results) {
  Json reports = Json::array(), comparisons = Json::array();
  for (const JudgedModel& model : results.models) {
    Json json = Json::object().set("name", model.name);
    const Json report = to_json(model.report);
    for (const auto& [key, value] : *report.as_object()) json.set(key, value);
    reports.push(std::move(json));
  }
  for (const NamedComparison& named : results.comparisons)
    comparisons.push(Json::object()
                         .set("a", named.a)
                         .set("b", named.b)
                         .set("comparison", to_json(named.comparison)));
  return Json::object()
      .set("reports", std::move(reports))
      .set("comparisons", std::move(comparisons));
}

Result<EvaluationResults> results_from_json(const Json& json, const std::string& otherwise) {
  EvaluationResults results;
  const Json::Array* reports = json["reports"].as_array();
  if (reports == nullptr) {
    CROSSFADE_ASSIGN_OR_RETURN(JudgedModel model, model_from(json, otherwise));
    results.models.push_back(std::move(model));
    return results;
  }
  for (const Json& report : *reports) {
    CROSSFADE_ASSIGN_OR_RETURN(JudgedModel model, model_from(report, otherwise));
    results.models.push_back(std::move(model));
  }
  if (const Json::Array* comparisons = json["comparisons"].as_array())
    for (const Json& one : *comparisons) {
      CROSSFADE_ASSIGN_OR_RETURN(NamedComparison comparison, comparison_from(one));
      results.comparisons.push_back(std::move(comparison));
    }
  return results;
}

}  // namespace crossfade
