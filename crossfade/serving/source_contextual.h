// ContextualSource: any of the recommendations of one track. botify's Contextual, whose lists a
// network made that was trained on sessions: they stand in the catalogue (2022) or in a file of
// their own. Of which track: as published of the one just played, or of the one that the session
// began with, which is what the network learns from.
#pragma once

#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class ContextualSource final : public Source {
 public:
  // A session begins behind its user's newest play of the kind kPlayedLast, or with the oldest play
  // that is kept; without live plays both ask by the track just played.
  enum class Of { kJustPlayed, kSessionStart };

  // Lists by item.
  ContextualSource(BundleLists lists, Of of) : lists_(std::move(lists)), of_(of) {}

  std::string_view name() const override {
    return of_ == Of::kJustPlayed ? "contextual" : "contextual_start";
  }
  // Propensity: 1 / (places of the list that the slate allows).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  BundleLists lists_;
  Of of_;
};

}  // namespace crossfade
