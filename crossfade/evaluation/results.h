// EvaluationResults: several lists judged on one truth, and how they differ; as `evaluate --json`
// writes them and as reports read them.
#pragma once

#include <string>
#include <vector>

#include "crossfade/evaluation/comparison.h"
#include "crossfade/evaluation/eval_report.h"

namespace crossfade {

struct JudgedModel {
  std::string name;
  EvalReport report;
};

struct NamedComparison {
  std::string a, b;  // names of models; differences are b - a
  Comparison comparison;
};

struct EvaluationResults {
  std::vector<JudgedModel> models;           // the first is what the others are compared with
  std::vector<NamedComparison> comparisons;  // may be empty
};

// Compares every model but the first with the first. Data invalid if they were judged on different
// truths.
Status compare_with_first(EvaluationResults& results, const BootstrapOptions& options,
                          ThreadPool& threads);

// {"reports": [{"name": .., as to_json(EvalReport)}], "comparisons": [{"a": .., "b": ..,
// "comparison": ..}]}
Json to_json(const EvaluationResults& results);
// What that wrote, or the JSON of one EvalReport, which gets the name `otherwise` unless it has
// one. Data invalid says what is missing.
Result<EvaluationResults> results_from_json(const Json& json, const std::string& otherwise);

}  // namespace crossfade
