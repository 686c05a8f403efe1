// IndexedSource: any track of the user's list, made offline. botify's Indexed (Collaborative in
// 2022): the list, shuffled, and of that the first; what it serves decides who made the list (user
// based, ALS, LightFM, DSSM, HSTU, ...).
#pragma once

#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class IndexedSource final : public Source {
 public:
  // Lists by user.
  explicit IndexedSource(BundleLists lists) : lists_(std::move(lists)) {}

  std::string_view name() const override { return "indexed"; }
  // Propensity: 1 / (places of the list that the slate allows).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  BundleLists lists_;
};

}  // namespace crossfade
