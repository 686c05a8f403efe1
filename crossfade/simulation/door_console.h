// ConsoleDoor: a person recommends. Shows what was heard and reads the number of the next track.
#pragma once

#include <istream>
#include <ostream>

#include "crossfade/simulation/door.h"
#include "crossfade/simulation/track_list.h"

namespace crossfade {

class ConsoleDoor final : public Door {
 public:
  // All three must outlive the door.
  ConsoleDoor(const TrackList& tracks, std::istream& input, std::ostream& output)
      : tracks_(tracks), input_(input), output_(output) {}

  void ask(const Inquiry& inquiry) override { asked_.push_back(inquiry); }
  // A line that is no number is asked for again; interrupted when the input ends.
  Status wait(std::vector<Reply>& replies) override;

 private:
  const TrackList& tracks_;
  std::istream& input_;
  std::ostream& output_;
  std::vector<Inquiry> asked_;
};

}  // namespace crossfade
