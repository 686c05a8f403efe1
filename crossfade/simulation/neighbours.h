// Neighbours: the tracks with which a session around an interest may begin.
//
// N(i) is the n tracks of largest inner product with track i, in float arithmetic, best first
// (equal ones by their number), as an exact index of faiss gives them; it nearly always holds i
// itself. Searching all tracks takes milliseconds and the original does it for every session; here
// each interest is searched once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/simulation/track_vectors.h"

namespace crossfade {

class Neighbours {
 public:
  // Keeps at most `n` of each, all tracks if they are fewer; n >= 1. Holds the vectors as floats (a
  // copy of halves) and as 8-bit codes. Errors: as QuantizedIndex::create().
  static Result<Neighbours> create(const TrackVectors& vectors, std::int32_t n);
  ~Neighbours();
  Neighbours(Neighbours&&) noexcept;
  Neighbours& operator=(Neighbours&&) noexcept;

  // min(n, number of tracks) tracks, best first. Thread-safe; lives as long as this object.
  std::span<const std::int32_t> of(std::int32_t track) const;
  // Searches many at once, in parallel; for each track of `tracks`, repeats allowed. Errors:
  // interrupted.
  Status prepare(std::span<const std::int32_t> tracks, Context& context) const;

 private:
  struct State;
  explicit Neighbours(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
