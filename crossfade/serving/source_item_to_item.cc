// At most ten anchors, so that what each would answer is looked up for all of them, and the draw is
// one among those that answer.
#include "crossfade/serving/source_item_to_item.h"

#include <algorithm>
#include <array>

namespace crossfade {
namespace {

struct Anchor {
  ItemIndex track = kUnknown;
  double weight = 0;
  ItemIndex answer = kUnknown;  // the first of its list that may come
};

struct Anchors {
  std::array<Anchor, ItemToItemSource::kPlays> all;
  std::size_t count = 0;

  bool hold(ItemIndex track) const {
    return std::any_of(all.begin(), all.begin() + count,
                       [&](const Anchor& anchor) { return anchor.track == track; });
  }
};

// The distinct tracks of the newest plays.
Anchors anchors_of(const Ask& ask) {
  Anchors anchors;
  const std::size_t plays = std::min(ask.plays.size(), ItemToItemSource::kPlays);
  for (std::size_t i = ask.plays.size() - plays; i < ask.plays.size(); ++i) {
    const auto end = anchors.all.begin() + anchors.count;
    const auto known = std::find_if(anchors.all.begin(), end, [&](const Anchor& anchor) {
      return anchor.track == ask.plays[i];
    });
    if (known == end) anchors.all[anchors.count++] = {ask.plays[i], 0, kUnknown};
    known->weight += static_cast<double>(ask.play_shares[i]);
  }
  return anchors;
}

}  // namespace

void ItemToItemSource::offer(const Ask& ask, const Take& take) const {
  Anchors anchors = anchors_of(ask);
  for (;;) {
    double total = 0;
    std::size_t answering = 0;
    for (Anchor& anchor : std::span(anchors.all).first(anchors.count)) {
      const auto list = lists_.list_of_item(anchor.track);
      const auto found = std::find_if(list.begin(), list.end(), [&](ItemIndex item) {
        return !anchors.hold(item) && ask.slate.allows(item);
      });
      anchor.answer = found == list.end() ? kUnknown : *found;
      if (anchor.answer == kUnknown) continue;
      total += anchor.weight;
      ++answering;
    }
    if (answering == 0) return;
    const auto chance = [&](const Anchor& anchor) {
      if (anchor.answer == kUnknown) return 0.0;
      return total > 0 ? anchor.weight / total : 1.0 / static_cast<double>(answering);
    };
    Offer offer;
    double left = ask.rng.uniform();
    for (const Anchor& anchor : std::span(anchors.all).first(anchors.count)) {
      if (chance(anchor) == 0) continue;
      offer.item = anchor.answer;  // rounding may leave a little: then the last answers
      left -= chance(anchor);
      if (left < 0) break;
    }
    offer.propensity = 0;
    for (const Anchor& anchor : std::span(anchors.all).first(anchors.count))
      if (anchor.answer == offer.item) offer.propensity += chance(anchor);
    offer.propensity = std::min(offer.propensity, 1.0);
    if (!take(offer)) return;
  }
}

}  // namespace crossfade
