// recall@k = hits among the first k / relevant items.
//
// The denominator is the whole truth, as in RePlay, RecTools, LightGCN, BARS and Yambda; a user
// with more than k relevant items cannot reach 1. See recall_capped for the other custom.
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Recall final : public UserMetric {
 public:
  explicit Recall(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    return static_cast<double>(list.hits(k)) / static_cast<double>(list.num_relevant);
  }
};

}  // namespace

MetricEntry recall_metric() {
  return {"recall", "hits / relevant", false, make_user_metric<Recall>};
}

}  // namespace crossfade
