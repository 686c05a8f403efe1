// coverage@k = distinct items among the first k of all scored lists / items of the catalogue.
//
// The catalogue is what the train part knows; recommended items outside it are not counted, so that
// the share cannot pass 1. RePlay's Coverage and RecTools' CatalogCoverage(normalize=True) give the
// same number when the lists hold only users of the truth and items of the catalogue. There is no
// interval: a resample of users always has fewer distinct lists, so the bootstrap would be biased.
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

class Coverage final : public ExposureMetric {
 public:
  explicit Coverage(const MetricSetting& setting) : train_(*setting.train) {}
  double value(const Exposure& exposure, std::int64_t k) const override {
    const std::int64_t catalogue = train_.num_items();
    std::int64_t shown = 0;
    for (std::size_t item = 0; item < exposure.best_rank.size(); ++item)
      if (exposure.best_rank[item] <= k && !train_.is_cold(static_cast<ItemIndex>(item))) ++shown;
    return catalogue == 0 ? 0 : static_cast<double>(shown) / static_cast<double>(catalogue);
  }

 private:
  const TrainCounts& train_;
};

std::unique_ptr<ExposureMetric> make(const MetricSetting& setting) {
  return std::make_unique<Coverage>(setting);
}

}  // namespace

MetricEntry coverage_metric() {
  return {"coverage", "distinct items shown / items of the catalogue", true, nullptr, make};
}

}  // namespace crossfade
