// ContextualSource: any of the recommendations of the track just played. botify's Contextual, whose
// lists a network made that was trained on sessions: they stand in the catalogue (2022) or in a
// file of their own.
#pragma once

#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class ContextualSource final : public Source {
 public:
  // Lists by item.
  explicit ContextualSource(BundleLists lists) : lists_(std::move(lists)) {}

  std::string_view name() const override { return "contextual"; }
  // Propensity: 1 / (places of the list that the slate allows).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  BundleLists lists_;
};

}  // namespace crossfade
