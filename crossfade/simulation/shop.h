// Shop: the second domain of listeners who buy, joined to the first by taste.
//
// Goods are another catalogue with vectors in the same space as the tracks'. A visit is a session
// of the same kind among goods, of the same listener, around the good nearest to the interest that
// the session of music had: who has just heard jazz looks at what is near to jazz.
#pragma once

#include <memory>

#include "crossfade/simulation/hidden_world.h"
#include "crossfade/simulation/listening_session.h"

namespace crossfade {

class Shop {
 public:
  // `music` must outlive the shop. Errors (data invalid): goods of other dims than the tracks.
  static Result<Shop> create(const HiddenWorld& music, TrackVectors goods, TrackList catalogue);
  ~Shop();
  Shop(Shop&&) noexcept;

  // Its listeners are those of the music in the same order, with the same temper.
  const HiddenWorld& world() const;
  // How the visit after a session that was opened like this begins.
  Opening open(const Opening& music, LegacyRng& random) const;

 private:
  struct State;
  explicit Shop(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
