// recall_capped@k = hits among the first k / min(k, relevant items).
//
// The recall of Liang et al., Variational Autoencoders for Collaborative Filtering, WWW 2018, and
// of the papers that follow its protocol: 1 is always within reach. Never smaller than recall@k.
#include <algorithm>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class RecallCapped final : public UserMetric {
 public:
  explicit RecallCapped(const MetricSetting&) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    return static_cast<double>(list.hits(k)) / static_cast<double>(std::min(k, list.num_relevant));
  }
};

}  // namespace

MetricEntry recall_capped_metric() {
  return {"recall_capped", "hits / min(k, relevant)", false, make_user_metric<RecallCapped>};
}

}  // namespace crossfade
