// Streams: which random numbers decide what, so that everything a user does can be replayed alone.
//
// Each (user, domain, purpose) has a stream of its own. Users are therefore generated in any order
// and by any number of threads, and the oracle replays one purpose of one user without the others.
#pragma once

#include <cstdint>

#include "crossfade/base/rng.h"

namespace crossfade {

enum class Purpose : std::uint64_t {
  kMembership = 0,   // which domains a user is in (domain 0 stands for all)
  kSharedTaste = 1,  // the taste that domains share (domain 0 stands for all)
  kTaste = 2,        // the taste of a domain's own, and favourite artists
  kActivity = 3,     // how much and from when
  kSessions = 4,     // when, how long, in which mood
  kEvents = 5,       // which items
  kRatings = 6,      // what the user says of them
  kListening = 7     // how much is heard, and how long are the pauses
};

// `domain` < 8; `user` is any number that stands for a user.
inline Rng user_stream(std::uint64_t seed, std::int64_t user, int domain, Purpose purpose) {
  return Rng(seed, static_cast<std::uint64_t>(user) << 6 | static_cast<std::uint64_t>(domain) << 3 |
                       static_cast<std::uint64_t>(purpose));
}

// What belongs to a domain's catalogue and not to a user.
inline Rng catalogue_stream(std::uint64_t seed, int domain) {
  return Rng(mix64(seed ^ 0xCA7A1060E5ULL), static_cast<std::uint64_t>(domain));
}

}  // namespace crossfade
