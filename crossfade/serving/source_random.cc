// Draws until one is allowed, which takes N / allowed tries on average; where the slate refuses
// nearly everything, what is left is listed instead.
#include "crossfade/serving/source_random.h"

#include "crossfade/serving/draw.h"

namespace crossfade {
namespace {

constexpr std::int64_t kMostTries = 16;  // on average

}  // namespace

void RandomSource::offer(const Ask& ask, const Take& take) const {
  const auto size = static_cast<std::int64_t>(playable_.size());
  for (;;) {
    // What the slate hides is what cannot be played, so all that it refuses beside are tracks.
    const std::int64_t allowed = size - ask.slate.num_refused();
    if (allowed < 1) return;
    if (allowed * kMostTries < size) return offer_by_lot(ask, playable_, take);
    Offer offer;
    do {
      offer.item = playable_[ask.rng.below(playable_.size())];
    } while (!ask.slate.allows(offer.item));
    offer.propensity = 1.0 / static_cast<double>(allowed);
    if (!take(offer)) return;
  }
}

}  // namespace crossfade
