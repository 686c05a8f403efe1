// SequentialSource: the user's list played through. botify's Sequential (2025): behind the place of
// the track just played comes the next, and behind the last the first; a track that is not in the
// list is followed by the list's second, as if it had been the first.
#pragma once

#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class SequentialSource final : public Source {
 public:
  // Lists by user.
  explicit SequentialSource(BundleLists lists) : lists_(std::move(lists)) {}

  std::string_view name() const override { return "sequential"; }
  // Nothing is drawn. What the slate refuses is passed over.
  void offer(const Ask& ask, const Take& take) const override;

 private:
  BundleLists lists_;
};

}  // namespace crossfade
