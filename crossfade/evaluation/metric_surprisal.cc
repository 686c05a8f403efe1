// surprisal@k = sum over the first k items of -log2(users of the item / users) / log2(users), / k.
//
// RePlay's Surprisal: self-information scaled to [0, 1], places behind the end of the list counting
// as 0. Users are those of the train part; a cold item counts as one user's, which is 1. With a
// single user in the train part there is no scale and the value is 0.
#include <algorithm>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Surprisal final : public UserMetric {
 public:
  explicit Surprisal(const MetricSetting& setting) : information_(*setting.train) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    const double scale = information_.max_bits() * static_cast<double>(k);
    const auto shown = std::min(static_cast<std::size_t>(k), list.items.size());
    return scale > 0 ? information_.sum_bits(list.items.first(shown)) / scale : 0;
  }

 private:
  SelfInformation information_;
};

}  // namespace

MetricEntry surprisal_metric() {
  return {"surprisal", "novelty scaled to [0, 1] by log2(users), over k", true,
          make_user_metric<Surprisal>};
}

}  // namespace crossfade
