// Listeners: what the simulator knows of each user and no recommender may: interests, and how
// easily and how sharply a track pleases.
//
// users.json has one JSON object per line: `user` (an integer), `interests` (track numbers), and
// perhaps `consume_bias`, `consume_sharpness`, `session_budget`, `artist_discount_gamma` and
// `interest_neighbours`, which replace the defaults. Other members (`openness`) are passed over, as
// the original does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

// What of a listener has defaults. A play is heard for the share
//   expit((e . s - bias) * sharpness) * gamma^(plays of the artist so far),
// and a session ends when `budget` plays have disappointed.
struct Temper {
  double bias = 5.0, sharpness = 1.0;
  double gamma = 0.8;
  std::int32_t budget = 5;
  std::int32_t neighbours = 10;  // a session opens with one of so many tracks around an interest
};

struct Listener {
  std::int64_t user = 0;
  Temper temper;
  std::int64_t first_interest = 0;  // in Listeners::interests
  std::int32_t num_interests = 0;   // at least one
};

// In the order of the file, which is the order that draws refer to.
struct Listeners {
  std::vector<Listener> all;
  std::vector<std::int32_t> interests;  // of all listeners, one behind the other

  std::span<const std::int32_t> interests_of(const Listener& listener) const {
    return std::span(interests).subspan(static_cast<std::size_t>(listener.first_interest),
                                        static_cast<std::size_t>(listener.num_interests));
  }
};

// Errors (data invalid, with the line): no JSON object, a member that is missing or of another type
// or out of its range, an interest that is no track of 0 to num_tracks - 1, a user that comes
// twice, a file without listeners.
Result<Listeners> read_listeners(const std::string& path, const Temper& defaults,
                                 std::int64_t num_tracks);

}  // namespace crossfade
