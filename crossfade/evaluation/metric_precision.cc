// precision@k = hits among the first k / k, also when the list is shorter than k.
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Precision final : public UserMetric {
 public:
  explicit Precision(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    return static_cast<double>(list.hits(k)) / static_cast<double>(k);
  }
};

}  // namespace

MetricEntry precision_metric() {
  return {"precision", "hits / k", false, make_user_metric<Precision>};
}

}  // namespace crossfade
