// Answers are made when asked.
#include "crossfade/simulation/door_dummy.h"

namespace crossfade {

DummyDoor::DummyDoor(std::int64_t num_tracks, std::int64_t num_listeners, std::uint64_t seed,
                     std::int64_t first_stream)
    : num_tracks_(static_cast<std::uint64_t>(num_tracks)) {
  for (std::int64_t listener = 0; listener < num_listeners; ++listener)
    streams_.emplace_back(seed, static_cast<std::uint64_t>(first_stream + listener));
}

void DummyDoor::ask(const Ask& ask) {
  Answer answer{ask.listener};
  if (!ask.last)
    answer.track = static_cast<std::int64_t>(
        streams_[static_cast<std::size_t>(ask.listener)].below(num_tracks_));
  answers_.push_back(answer);
}

Status DummyDoor::wait(std::vector<Answer>& answers) {
  answers.insert(answers.end(), answers_.begin(), answers_.end());
  answers_.clear();
  return ok_status();
}

}  // namespace crossfade
