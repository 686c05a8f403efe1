// RecommenderDoor: the recommender of serving/ in this process, without sockets.
//
// A question is what botify's routes make of it: the play is observed, then the next track is asked
// for. Answers are made when asked, in the caller's thread. Tracks are the numbers of the items of
// the bundle's catalogue domain.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/serving/recommender.h"
#include "crossfade/simulation/door.h"

namespace crossfade {

class RecommenderDoor final : public Door {
 public:
  // Both must outlive the door; several doors, one per thread, may share the recommender. `domain`
  // is where tracks are, "" the bundle's first. With a null clock no latency is measured.
  RecommenderDoor(Recommender& recommender, std::string domain, const Clock* clock)
      : recommender_(recommender), domain_(std::move(domain)), clock_(clock) {}

  void ask(const Inquiry& inquiry) override;
  // Errors: what the recommender refused (its event log cannot be written, an unknown domain).
  Status wait(std::vector<Reply>& replies) override;

 private:
  // Fills in the next track and the user's treatments.
  Status answer(const Inquiry& inquiry, Reply& reply);

  Recommender& recommender_;
  std::string domain_;
  const Clock* clock_;
  std::vector<Reply> replies_;
  Status status_;
};

}  // namespace crossfade
