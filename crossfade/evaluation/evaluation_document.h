// evaluation_document: what several models' evaluations come to, for somebody who was not there.
//
// Summary first: which model leads by the headline metric, by how much, and whether this many users
// could have shown it. Then all models with intervals, accuracy by k, coverage against accuracy,
// segments, paired comparisons, what is to be known of the data, every metric, provenance.
#pragma once

#include <string>
#include <vector>

#include "crossfade/evaluation/results.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct EvaluationDocumentOptions {
  std::string title = "Evaluation";
  std::string headline = "";        // the metric to judge by, as in "ndcg@10"; empty: the first
  std::vector<Document> data = {};  // of the data: each becomes sections under its title
  Json provenance = {};             // an object: names and values, shown as a table
};

// Errors (usage): no models; a headline that a model does not have.
Result<Document> evaluation_document(const EvaluationResults& results,
                                     const EvaluationDocumentOptions& options);

// A row per model and a column per metric with its interval: what one looks at first.
TableBlock overview_table(const std::vector<JudgedModel>& models);
// A row per comparison by one metric: difference, interval, p-value, detectable difference.
TableBlock comparison_table(const std::vector<NamedComparison>& comparisons,
                            const std::string& metric);
// What the two last columns of that mean, in sentences.
std::string comparison_note();
// Each warning once, with the models that it is about if it is not about all; a line per warning,
// empty if there are none.
std::string warnings_text(const std::vector<JudgedModel>& models);

// Plots of the above (evaluation_plots.cc). `headline` is a metric that all models have.
PlotBlock headline_plot(const std::vector<JudgedModel>& models, const std::string& headline);
// Lines over k, for metrics that were judged at two k or more; without series otherwise.
PlotBlock depth_plot(const std::vector<JudgedModel>& models, const std::string& metric);
// A point per model: `other`, as in "coverage@10", across and the headline up; without series if no
// model has both.
PlotBlock trade_off_plot(const std::vector<JudgedModel>& models, const std::string& other,
                         const std::string& headline);
// Bars of the headline by group, a series per model; the best 8 models where there are more.
PlotBlock segment_plot(const std::vector<JudgedModel>& models, const std::string& segmentation,
                       const std::string& headline);

}  // namespace crossfade
