// Estimates of another policy, for people and for machines.
#include "crossfade/base/text.h"
#include "crossfade/experiments/off_policy.h"

namespace crossfade {

Document off_policy_document(const OffPolicyResult& result) {
  Document document("What the other policy would have earned");
  for (const std::string& warning : result.warnings) document.add_paragraph("Warning: " + warning);
  document.add_facts({{"answers", Cell::count(result.rows), ""},
                      {"users", Cell::count(result.clusters), "whose answers go together"},
                      {"effective size", Cell::number(result.effective_size, 1), ""},
                      {"largest weight", Cell::number(result.largest_weight, 2), ""},
                      {"mean weight", Cell::number(result.mean_weight.value, 3), "should be 1"}});
  TableBlock table({"estimator", "value", "error", "95% interval"});
  for (const OffPolicyEstimate& estimate : result.estimates)
    table.add_row({Cell::text(estimate.name), Cell::number(estimate.value, 4),
                   Cell::number(estimate.standard_error, 4),
                   Cell::interval(estimate.interval.low, estimate.interval.high, 4)});
  document.add_table(std::move(table));
  document.add_paragraph("The policy that answered earned " +
                         format_number(result.logged_value, 4) + " per answer.");
  return document;
}

Json to_json(const OffPolicyResult& result) {
  Json json = Json::object();
  json.set("rows", result.rows).set("clusters", result.clusters);
  json.set("effective_size", result.effective_size).set("largest_weight", result.largest_weight);
  json.set("mean_weight", result.mean_weight.value).set("logged_value", result.logged_value);
  Json estimates = Json::object();
  for (const OffPolicyEstimate& estimate : result.estimates)
    estimates.set(estimate.name, Json::object()
                                     .set("value", estimate.value)
                                     .set("standard_error", estimate.standard_error)
                                     .set("low", estimate.interval.low)
                                     .set("high", estimate.interval.high));
  json.set("estimates", estimates);
  return json.set("warnings", json_list(result.warnings));
}

}  // namespace crossfade
