// ItemToItemSource: what goes with something the listener liked. botify's I2IRecommender (2026):
//
//   history = the newest 10 plays, across sessions; each track weighs the sum of its shares
//   draw an anchor by weight; answer the first of its list that is not in the history;
//   an anchor that has nothing to offer is dropped, and another drawn from the rest
//
// Where the weights that are left are all 0, the original fails on newer Pythons; here all anchors
// are then as likely.
//
// Drawing by weight, dropping and drawing again comes to an anchor with weight / (sum of weights of
// the anchors that have something to offer), so the propensity of a track is the sum of that over
// the anchors that would answer it.
#pragma once

#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class ItemToItemSource final : public Source {
 public:
  static constexpr std::size_t kPlays = 10;

  // Lists by item.
  explicit ItemToItemSource(BundleLists lists) : lists_(std::move(lists)) {}

  std::string_view name() const override { return "i2i"; }
  // Propensity: the sum above, over the anchors that have something the slate allows.
  void offer(const Ask& ask, const Take& take) const override;

 private:
  BundleLists lists_;
};

}  // namespace crossfade
