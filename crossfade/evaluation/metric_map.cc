// map@k: mean average precision, cut at k.
//
//   AP@k = (sum over hit places j <= k of hits(j) / j) / min(k, relevant)
//
// RePlay divides by min(k, relevant) too. RecTools divides by the number of relevant items (or,
// with divide_by_k, by k), so its AP@k is ours * min(k, relevant) / relevant.
#include <algorithm>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Map final : public UserMetric {
 public:
  explicit Map(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    double sum = 0;
    std::int64_t hits = 0;
    for (const std::int64_t rank : list.hit_ranks) {
      if (rank > k) break;
      sum += static_cast<double>(++hits) / static_cast<double>(rank);
    }
    return sum / static_cast<double>(std::min(k, list.num_relevant));
  }
};

}  // namespace

MetricEntry map_metric() {
  return {"map", "sum of precision@place over hits / min(k, relevant)", false,
          make_user_metric<Map>};
}

}  // namespace crossfade
