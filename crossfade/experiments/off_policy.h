// Off-policy: what another policy would have earned, from answers that were drawn with known
// probabilities.
//
// Each row is an answer a that was drawn with propensity p(a), earned the reward r, and would have
// been drawn by the other policy with probability q(a); its weight is w = q / p.
//
//   IPS    mean(w r)                            unbiased; noisy where weights are uneven
//   SNIPS  sum(w r) / sum(w)                    nearly unbiased, within the rewards' range
//   DR     mean(g + w (r - f))                  with a reward model: f of the logged answer, g its
//                                               expectation under the other policy; right if either
//                                               the propensities or the model are
//   SNDR   mean(g) + sum(w (r - f)) / sum(w)    the same, self-normalised
//
// (Horvitz and Thompson 1952; Swaminathan and Joachims, NIPS 2015; Dudik, Langford, Li, ICML 2011.)
// Rows of one user are not independent: rows are grouped into clusters, and what varies is the
// cluster. Errors are the delete-one-cluster jackknife's (Miller, Biometrika 1974). The interval
// takes Student's t with effective clusters - 1 degrees of freedom (at least 1), since a few heavy
// rows are all the evidence there is, and is as skewed as the clusters are (Hall's transformation,
// JRSS B 1992). The effective sample size is (sum w)^2 / sum w^2 (Kish 1965), of rows or of
// clusters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/statistics.h"
#include "crossfade/report/document.h"

namespace crossfade {

constexpr double kSmallEffectiveSize = 100;    // below this an estimate is hardly one
constexpr double kSmallEffectiveShare = 0.01;  // of the rows: mostly noise of few answers

// One entry per answer, all of one length; `predicted` and `predicted_target` both or neither.
struct OffPolicyRows {
  std::span<const double> rewards;
  std::span<const double> propensities;           // in (0, 1]
  std::span<const double> target;                 // q(a), in [0, 1]
  std::span<const double> predicted = {};         // f(a)
  std::span<const double> predicted_target = {};  // sum over a of q(a) f(a)
  std::span<const std::int64_t> clusters = {};    // whose answer; empty: every row is its own
};

struct OffPolicyEstimate {
  std::string name;  // "ips", ..
  double value = kNotANumber, standard_error = kNotANumber;
  Interval interval;
};

struct OffPolicyResult {
  std::int64_t rows = 0, clusters = 0;
  double effective_size = 0, largest_weight = 0;
  OffPolicyEstimate mean_weight;      // 1 if the propensities are right
  double logged_value = kNotANumber;  // mean reward of the policy that answered
  std::vector<OffPolicyEstimate> estimates;
  std::vector<std::string> warnings;
};

// Data invalid names the row (from 1) whose numbers are out of range.
Result<OffPolicyResult> estimate_off_policy(const OffPolicyRows& rows, double confidence = 0.95);

Document off_policy_document(const OffPolicyResult& result);
Json to_json(const OffPolicyResult& result);

}  // namespace crossfade
