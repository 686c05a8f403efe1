// novelty@k: how rarely known the recommended items are, in bits.
//
//   novelty@k = mean over the first min(k, length) items of -log2(users of the item / users)
//
// The mean self-information of Zhou et al., PNAS 2010, called mean inverse user frequency (MIUF) by
// Castells, Hurley and Vargas (Recommender Systems Handbook 2015) and RecTools' MeanInvUserFreq,
// which leaves users without a list out of the mean (here they count as 0). Users are those of the
// train part; cold items count as one user's. RePlay's metric of the name Novelty is another one:
// the share of the list that the user has not seen.
#include <algorithm>

#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Novelty final : public UserMetric {
 public:
  explicit Novelty(const MetricSetting& setting) : information_(*setting.train) {}
  double value(const ScoredList& list, std::int64_t k) const override {
    const auto shown = std::min(static_cast<std::size_t>(k), list.items.size());
    if (shown == 0) return 0;
    return information_.sum_bits(list.items.first(shown)) / static_cast<double>(shown);
  }

 private:
  SelfInformation information_;
};

}  // namespace

MetricEntry novelty_metric() {
  return {"novelty", "mean of -log2(users of the item / users) over the list, in bits", true,
          make_user_metric<Novelty>};
}

}  // namespace crossfade
