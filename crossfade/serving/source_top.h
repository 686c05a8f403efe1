// TopSource: one of the k most popular tracks, each as likely as another. botify's TopPop, which
// compared k = 10, 100 and 1000; its ranking is by the sum of the time listened.
#pragma once

#include <vector>

#include "crossfade/serving/source.h"

namespace crossfade {

class TopSource final : public Source {
 public:
  explicit TopSource(std::vector<ItemIndex> top) : top_(std::move(top)) {}

  std::string_view name() const override { return "top"; }
  // Propensity: 1 / (the k that the slate allows).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  std::vector<ItemIndex> top_;
};

}  // namespace crossfade
