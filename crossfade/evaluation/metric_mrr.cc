// mrr@k = 1 / place of the first relevant item, 0 if none is among the first k: the reciprocal rank
// (Voorhees, TREC-8 1999), whose mean over users gives the name.
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Mrr final : public UserMetric {
 public:
  explicit Mrr(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    if (list.hits(k) == 0) return 0;
    return 1 / static_cast<double>(list.hit_ranks[0]);
  }
};

}  // namespace

MetricEntry mrr_metric() {
  return {"mrr", "1 / place of the first hit", false, make_user_metric<Mrr>};
}

}  // namespace crossfade
