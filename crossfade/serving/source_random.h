// RandomSource: any track, each as likely as another. botify's universal fallback (Redis'
// RANDOMKEY over all tracks), and the policy whose logs everything else is judged by.
#pragma once

#include <vector>

#include "crossfade/serving/source.h"

namespace crossfade {

class RandomSource final : public Source {
 public:
  // All that may be played: no item twice, and just those that the slate does not hide.
  explicit RandomSource(std::vector<ItemIndex> playable) : playable_(std::move(playable)) {}

  std::string_view name() const override { return "random"; }
  // Propensity: 1 / (playable items that the slate allows).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  std::vector<ItemIndex> playable_;
};

}  // namespace crossfade
