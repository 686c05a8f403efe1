// All metrics are resampled together: one pass of the bootstrap for the whole table.
#include "crossfade/evaluation/comparison.h"

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

struct Pair {
  const MetricResult* a;
  const MetricResult* b;
};

PairedComparison compare_pair(const Pair& pair, ThreadPool& threads) {
  if (!pair.a->per_user.empty())
    return compare_paired(pair.a->per_user, pair.b->per_user, {.resamples = 0}, threads);
  PairedComparison comparison;
  comparison.mean_a = pair.a->mean;
  comparison.mean_b = pair.b->mean;
  comparison.difference = pair.b->mean - pair.a->mean;
  return comparison;
}

}  // namespace

Result<Comparison> compare(const EvalReport& a, const EvalReport& b,
                           const BootstrapOptions& options, ThreadPool& threads) {
  if (a.users != b.users)
    return data_invalid("the two evaluations have different users (" +
                        std::to_string(a.users.size()) + " and " + std::to_string(b.users.size()) +
                        "); compare recommendations judged by the same truth");
  Comparison comparison;
  comparison.users = a.counts.users;
  comparison.bootstrap = options;
  std::vector<std::vector<double>> differences;
  std::vector<std::size_t> rows;  // of comparison.metrics, one per entry of differences
  for (const MetricResult& result : a.metrics) {
    const MetricResult* other = b.find(result.name());
    if (other == nullptr || other->per_user.size() != result.per_user.size()) continue;
    comparison.metrics.push_back({result.name(), compare_pair({&result, other}, threads)});
    if (result.per_user.empty()) continue;
    std::vector<double>& difference = differences.emplace_back(result.per_user.size());
    for (std::size_t i = 0; i < difference.size(); ++i)
      difference[i] = other->per_user[i] - result.per_user[i];
    rows.push_back(comparison.metrics.size() - 1);
  }
  const std::vector<std::span<const double>> columns(differences.begin(), differences.end());
  const std::vector<Interval> intervals = bootstrap_means(columns, options, threads);
  for (std::size_t i = 0; i < rows.size(); ++i)
    comparison.metrics[rows[i]].paired.interval = intervals[i];
  return comparison;
}

Json to_json(const Comparison& comparison) {
  Json metrics = Json::object();
  for (const MetricComparison& metric : comparison.metrics) {
    const PairedComparison& paired = metric.paired;
    metrics.set(metric.name,
                Json::object()
                    .set("a", paired.mean_a)
                    .set("b", paired.mean_b)
                    .set("difference", paired.difference)
                    .set("low", paired.interval.low)
                    .set("high", paired.interval.high)
                    .set("p_value", paired.p_value)
                    .set("minimum_detectable_effect", paired.minimum_detectable_effect));
  }
  return Json::object()
      .set("users", comparison.users)
      .set("metrics", std::move(metrics))
      .set("bootstrap", to_json(comparison.bootstrap));
}

Result<Comparison> comparison_from_json(const Json& json) {
  Comparison comparison;
  CROSSFADE_ASSIGN_OR_RETURN(comparison.users, json.int_at("users"));
  const Json::Object* metrics = json["metrics"].as_object();
  if (metrics == nullptr) return data_invalid("a comparison has no object 'metrics'");
  const auto number = [](const Json& value) {
    return value.is_number() ? value.number() : kNotANumber;
  };
  for (const auto& [name, value] : *metrics) {
    PairedComparison paired;
    paired.count = comparison.users;
    paired.mean_a = number(value["a"]);
    paired.mean_b = number(value["b"]);
    paired.difference = number(value["difference"]);
    paired.interval = {number(value["low"]), number(value["high"])};
    paired.p_value = number(value["p_value"]);
    paired.minimum_detectable_effect = number(value["minimum_detectable_effect"]);
    comparison.metrics.push_back({name, paired});
  }
  comparison.bootstrap = bootstrap_from_json(json["bootstrap"]);
  return comparison;
}

}  // namespace crossfade
