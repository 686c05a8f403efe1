// PopularSource: the same for everyone, and the last of the chain: it offers every item of the
// domain, so a slate is short only if nothing more is allowed.
#pragma once

#include "crossfade/bundle/bundle.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class PopularSource final : public Source {
 public:
  explicit PopularSource(const BundleDomain& domain)
      : items_(domain.popular), scores_(domain.popular_scores) {}

  std::string_view name() const override { return "popular"; }
  void offer(const Ask& ask, const Take& take) const override;

 private:
  Array<ItemIndex> items_;
  Array<float> scores_;
};

}  // namespace crossfade
