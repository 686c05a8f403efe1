// StickyMixtureSource: stay with the artist while the listener listens, else try anything. 2026's
// StickyArtistMixed: random if less than 0.3 of the last track was played.
#pragma once

#include "crossfade/serving/source_random.h"
#include "crossfade/serving/source_sticky_artist.h"

namespace crossfade {

class StickyMixtureSource final : public Source {
 public:
  StickyMixtureSource(StickyArtistSource sticky, RandomSource random, double random_below)
      : sticky_(std::move(sticky)), random_(std::move(random)), random_below_(random_below) {}

  std::string_view name() const override { return "sticky_mixture"; }
  // Propensity: that of the half that answers; the share played decides which, not a draw.
  void offer(const Ask& ask, const Take& take) const override {
    if (ask.share < random_below_)
      random_.offer(ask, take);
    else
      sticky_.offer(ask, take);
  }

 private:
  StickyArtistSource sticky_;
  RandomSource random_;
  double random_below_;
};

}  // namespace crossfade
