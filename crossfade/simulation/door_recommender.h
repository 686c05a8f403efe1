// RecommenderDoor: the recommender of serving/ in this process, without sockets.
//
// A question is what botify's routes make of it: the play is observed, then the next track is asked
// for. Tracks are the numbers of the items of the bundle's catalogue domain.
#pragma once

#include <string>
#include <utility>

#include "crossfade/base/clock.h"
#include "crossfade/serving/recommender.h"
#include "crossfade/simulation/door.h"

namespace crossfade {

class RecommenderDoor final : public ImmediateDoor {
 public:
  // Both must outlive the door; several doors, one per thread, may share the recommender. `domain`
  // is where tracks are, "" the bundle's first. With a null clock no latency is measured. Errors of
  // wait(): what the recommender refused (its event log cannot be written, an unknown domain).
  RecommenderDoor(Recommender& recommender, std::string domain, const Clock* clock)
      : recommender_(recommender), domain_(std::move(domain)), clock_(clock) {}

 private:
  Result<Reply> answer(const Inquiry& inquiry) override;
  // The next track and the user's treatments.
  Result<Reply> observe_and_ask(const Inquiry& inquiry);

  Recommender& recommender_;
  std::string domain_;
  const Clock* clock_;
};

}  // namespace crossfade
