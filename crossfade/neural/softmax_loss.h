// Cross-entropy over all items: -log softmax(scores)[target].
#pragma once

#include "crossfade/neural/loss.h"

namespace crossfade {

class SoftmaxLoss final : public Loss {
 public:
  explicit SoftmaxLoss(std::int64_t num_items);
  double operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                    Rng rng) const override;
  std::int64_t compared() const override { return num_items_; }
  double scratch_bytes() const override;

 private:
  std::int64_t num_items_, rows_at_once_;
};

}  // namespace crossfade
