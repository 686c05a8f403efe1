// DummyDoor: recommends any track, all with the same chance; the simplest thing that can be
// measured.
#pragma once

#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/simulation/door.h"

namespace crossfade {

class DummyDoor final : public ImmediateDoor {
 public:
  // Each listener's answers come from a stream of its own, numbered from `first_stream`.
  DummyDoor(std::int64_t num_tracks, std::int64_t num_listeners, std::uint64_t seed,
            std::int64_t first_stream = 0);

 private:
  Result<Reply> answer(const Inquiry& inquiry) override;

  std::uint64_t num_tracks_;
  std::vector<Rng> streams_;
};

}  // namespace crossfade
