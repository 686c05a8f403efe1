// hit_rate@k = 1 if any of the first k is relevant, else 0. With one relevant item per user
// (leave-one-out) it equals recall@k; papers also call it HR@k.
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class HitRate final : public UserMetric {
 public:
  explicit HitRate(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    return list.hits(k) > 0 ? 1 : 0;
  }
};

}  // namespace

MetricEntry hit_rate_metric() {
  return {"hit_rate", "1 if there is a hit", false, make_user_metric<HitRate>};
}

}  // namespace crossfade
