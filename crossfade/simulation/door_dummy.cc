// One stream per listener.
#include "crossfade/simulation/door_dummy.h"

namespace crossfade {

DummyDoor::DummyDoor(std::int64_t num_tracks, std::int64_t num_listeners, std::uint64_t seed,
                     std::int64_t first_stream)
    : num_tracks_(static_cast<std::uint64_t>(num_tracks)) {
  for (std::int64_t listener = 0; listener < num_listeners; ++listener)
    streams_.emplace_back(seed, static_cast<std::uint64_t>(first_stream + listener));
}

Result<Reply> DummyDoor::answer(const Inquiry& inquiry) {
  Reply reply;
  if (!inquiry.last)
    reply.track = static_cast<std::int64_t>(
        streams_[static_cast<std::size_t>(inquiry.listener)].below(num_tracks_));
  return reply;
}

}  // namespace crossfade
