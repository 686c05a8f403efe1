// Listening: how long tracks are, and how much of one is heard before it is skipped.
//
// A session has a patience of its own; in long sessions people skip more. Calibrated on published
// sessions of a music service, see README.md.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

struct ListeningShape {
  double length_s = 236, length_sigma = 0.26;  // median of tracks' lengths; sigma of the logarithm
  // Mean share of plays that are skipped in sessions of up to four plays, and what each doubling of
  // the session adds.
  double skip = 0.19, skip_growth = 0.065;
  double pause_s = 48;  // median of the pauses between two plays, which have a heavy tail
};

class Listening {
 public:
  Listening() = default;
  Listening(const ListeningShape& shape, std::int64_t items, std::uint64_t seed,
            ThreadPool& threads);

  float length_s(std::int32_t item) const { return lengths_s_[static_cast<std::size_t>(item)]; }

  // The chance of a skip in one session of `size` plays.
  double draw_impatience(std::int64_t size, Rng& rng) const;
  // Seconds heard of an item. Replays are skipped less than discoveries.
  float draw_played_s(std::int32_t item, bool replay, double impatience, Rng& rng) const;
  // Milliseconds from the end of one play to the next of the session.
  std::int64_t draw_pause_ms(Rng& rng) const;

  static constexpr double kSkippedUnder = 0.3;  // of the length: what is heard of a skipped track
  static constexpr std::int64_t kLongestGapMs = 1790000;  // of two plays of a session

 private:
  ListeningShape shape_;
  std::vector<float> lengths_s_;
};

}  // namespace crossfade
