// ndcg@k: normalized discounted cumulative gain with binary relevance.
//
//   DCG@k  = sum over hit places j <= k of 1 / log2(j + 1)
//   IDCG@k = sum over j = 1 .. min(k, relevant) of 1 / log2(j + 1)
//   ndcg@k = DCG@k / IDCG@k
//
// Jarvelin and Kekalainen, ACM TOIS 2002, with the discount of Burges et al., ICML 2005. The mean
// over users is a mean of ratios. RePlay's NDCG is this one; RecTools' is with
// divide_by_achievable=True (its default divides by the IDCG of k relevant items for every user).
#include <algorithm>
#include <cmath>
#include <vector>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Ndcg final : public UserMetric {
 public:
  explicit Ndcg(const MetricSetting& setting)
      : discount_(static_cast<std::size_t>(setting.max_k) + 1), ideal_(discount_.size()) {
    for (std::size_t j = 1; j < discount_.size(); ++j) {
      discount_[j] = 1 / std::log2(static_cast<double>(j) + 1);
      ideal_[j] = ideal_[j - 1] + discount_[j];
    }
  }
  double value(const ScoredList& list, std::int64_t k) const override {
    double gain = 0;
    for (const std::int64_t rank : list.hit_ranks) {
      if (rank > k) break;
      gain += discount_[static_cast<std::size_t>(rank)];
    }
    return gain / ideal_[static_cast<std::size_t>(std::min(k, list.num_relevant))];
  }

 private:
  std::vector<double> discount_, ideal_;  // by place; ideal_[j] sums the first j discounts
};

}  // namespace

MetricEntry ndcg_metric() {
  return {"ndcg", "sum of 1/log2(place + 1) over hits, by its maximum for min(k, relevant) hits",
          false, make_user_metric<Ndcg>};
}

}  // namespace crossfade
