// All four estimators are a + sum(b) / sum(c) over clusters, so that one jackknife serves them.
#include "crossfade/experiments/off_policy.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// Sums over the rows of one cluster.
struct Cluster {
  double rows = 0, weight = 0, weighted = 0;    // 1, w, w r
  double residual = 0, direct = 0, reward = 0;  // w (r - f), g, r
};

Status check_rows(const OffPolicyRows& rows) {
  const std::size_t count = rows.rewards.size();
  if (count == 0) return data_invalid("there is no answer to learn from");
  const auto fits = [&](std::size_t size) { return size == count; };
  const bool models_fit = rows.predicted.empty()
                              ? rows.predicted_target.empty()
                              : fits(rows.predicted.size()) && fits(rows.predicted_target.size());
  if (!fits(rows.propensities.size()) || !fits(rows.target.size()) || !models_fit ||
      !(rows.clusters.empty() || fits(rows.clusters.size())))
    return data_invalid("the columns of answers differ in length");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string row = "row " + format_count(static_cast<std::int64_t>(i) + 1);
    if (!std::isfinite(rows.rewards[i])) return data_invalid(row + ": the reward is no number");
    if (!(rows.propensities[i] > 0 && rows.propensities[i] <= 1))
      return data_invalid(row + ": the propensity is " + format_shortest(rows.propensities[i]) +
                          "; an answer that was given had a probability above 0 and at most 1");
    if (!(rows.target[i] >= 0 && rows.target[i] <= 1))
      return data_invalid(row + ": the other policy's probability is " +
                          format_shortest(rows.target[i]) + ", not within 0 to 1");
    if (!rows.predicted.empty() &&
        !(std::isfinite(rows.predicted[i]) && std::isfinite(rows.predicted_target[i])))
      return data_invalid(row + ": the reward model's prediction is no number");
  }
  return ok_status();
}

std::vector<Cluster> sum_clusters(const OffPolicyRows& rows) {
  std::vector<Cluster> clusters;
  std::unordered_map<std::int64_t, std::size_t> places;
  for (std::size_t i = 0; i < rows.rewards.size(); ++i) {
    std::size_t place = i;
    if (!rows.clusters.empty())
      place = places.emplace(rows.clusters[i], places.size()).first->second;
    if (place >= clusters.size()) clusters.resize(place + 1);
    Cluster& cluster = clusters[place];
    const double weight = rows.target[i] / rows.propensities[i];
    ++cluster.rows;
    cluster.weight += weight;
    cluster.weighted += weight * rows.rewards[i];
    cluster.reward += rows.rewards[i];
    if (rows.predicted.empty()) continue;
    cluster.residual += weight * (rows.rewards[i] - rows.predicted[i]);
    cluster.direct += rows.predicted_target[i];
  }
  return clusters;
}

using Part = double Cluster::*;

// sum(numerator) / sum(denominator), plus sum(direct) / sum(rows) if there is a model.
struct Form {
  const char* name;
  Part numerator, denominator;
  bool has_direct;
};

// The estimate without one cluster; without an empty one it is that of all.
double value_without(const Cluster& all, const Cluster& out, const Form& form) {
  const double denominator = all.*form.denominator - out.*form.denominator;
  double value =
      denominator > 0 ? (all.*form.numerator - out.*form.numerator) / denominator : kNotANumber;
  if (form.has_direct) value += (all.direct - out.direct) / (all.rows - out.rows);
  return value;
}

// Hall's transformation makes a skewed mean's t statistic nearly symmetric; this is its inverse at
// x, `skew` being the skewness over the square root of the number of values.
double unskewed(double x, double skew) {
  if (std::abs(skew) < 1e-6) return x;
  return 3 / skew * (std::cbrt(1 + skew * (x - skew / 6)) - 1);
}

OffPolicyEstimate jackknife(const std::vector<Cluster>& clusters, const Form& form,
                            double critical) {
  Cluster all;
  for (const Cluster& cluster : clusters)
    for (const Part part : {&Cluster::rows, &Cluster::weight, &Cluster::weighted,
                            &Cluster::residual, &Cluster::direct})
      all.*part += cluster.*part;
  OffPolicyEstimate estimate;
  estimate.name = form.name;
  estimate.value = value_without(all, Cluster(), form);
  if (clusters.size() < 2) return estimate;
  std::vector<double> without;
  for (const Cluster& cluster : clusters) without.push_back(value_without(all, cluster, form));
  const double n = static_cast<double>(clusters.size());
  const double mean = mean_of(without), deviation = standard_deviation_of(without);
  estimate.standard_error = deviation * (n - 1) / std::sqrt(n);
  double cubes = 0;  // what a cluster adds is the opposite of what its absence does
  for (const double value : without) cubes += std::pow((mean - value) / deviation, 3);
  const double skew = deviation > 0 ? cubes / n / std::sqrt(n) : 0;
  estimate.interval = {estimate.value - estimate.standard_error * unskewed(critical, skew),
                       estimate.value - estimate.standard_error * unskewed(-critical, skew)};
  return estimate;
}

// (sum w)^2 / sum w^2 of what lies behind the weights, clusters or rows.
template <class Weights>
double effective_size(const Weights& weights) {
  double sum = 0, squares = 0;
  for (const double weight : weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

void warn(OffPolicyResult& result) {
  const double rows = static_cast<double>(result.rows);
  if (result.clusters == 1)
    result.warnings.push_back(
        "All answers are of one user, so there is no telling how much the estimates vary: they "
        "come without errors and intervals.");
  if (result.effective_size == 0)
    result.warnings.push_back(
        "The other policy would have given none of the logged answers, so the "
        "log says nothing about it.");
  else if (result.effective_size < kSmallEffectiveSize ||
           result.effective_size < kSmallEffectiveShare * rows)
    result.warnings.push_back(
        "The effective sample size is " + format_number(result.effective_size, 1) + " of " +
        format_count(result.rows) +
        " answers: few of them speak for the other policy. Do not decide by this; log more "
        "exploration or test online.");
  const OffPolicyEstimate& weight = result.mean_weight;
  if (std::abs(weight.value - 1) > 4 * weight.standard_error && result.effective_size > 0)
    result.warnings.push_back(
        "The mean weight is " + format_number(weight.value, 3) +
        " and should be 1: the logged propensities are wrong, or the other policy gives answers "
        "that the logged one never gave. IPS and DR are off by as much.");
}

}  // namespace

Result<OffPolicyResult> estimate_off_policy(const OffPolicyRows& rows, double confidence) {
  CROSSFADE_RETURN_IF_ERROR(check_rows(rows));
  const std::vector<Cluster> clusters = sum_clusters(rows);
  OffPolicyResult result;
  result.rows = static_cast<std::int64_t>(rows.rewards.size());
  result.clusters = static_cast<std::int64_t>(clusters.size());
  result.logged_value = mean_of(rows.rewards);
  std::vector<double> weights, cluster_weights;
  for (std::size_t i = 0; i < rows.rewards.size(); ++i)
    weights.push_back(rows.target[i] / rows.propensities[i]);
  for (const Cluster& cluster : clusters) cluster_weights.push_back(cluster.weight);
  result.effective_size = effective_size(weights);
  result.largest_weight = *std::max_element(weights.begin(), weights.end());
  const double freedom = std::max(
      1.0, std::min(static_cast<double>(clusters.size()), effective_size(cluster_weights)) - 1);
  const double critical = student_quantile(0.5 + confidence / 2, freedom);

  std::vector<Form> forms = {{"ips", &Cluster::weighted, &Cluster::rows, false},
                             {"snips", &Cluster::weighted, &Cluster::weight, false}};
  if (!rows.predicted.empty()) {
    forms.push_back({"dr", &Cluster::residual, &Cluster::rows, true});
    forms.push_back({"sndr", &Cluster::residual, &Cluster::weight, true});
  }
  for (const Form& form : forms) result.estimates.push_back(jackknife(clusters, form, critical));
  result.mean_weight =
      jackknife(clusters, {"weight", &Cluster::weight, &Cluster::rows, false}, critical);
  warn(result);
  return result;
}

}  // namespace crossfade
