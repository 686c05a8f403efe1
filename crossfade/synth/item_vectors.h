// Item vectors: what a content model would have computed from the sound of a track. They carry its
// tastes and its artist, under noise, so that content has something to find.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/thread_pool.h"
#include "crossfade/synth/catalogue.h"

namespace crossfade {

constexpr int kItemVectorSize = 128;

// Vectors of length 1 of items begin to end - 1 into `out` (kItemVectorSize numbers each), from
// standard normal directions: c of a taste, a of an artist, n of an item:
// v ~ 0.7 c_first + 0.3 c_second + 0.7 a + n, or c_first alone where there is one taste.
void item_vectors(const Catalogue& catalogue, std::uint64_t seed, std::int64_t begin,
                  std::int64_t end, std::span<float> out, ThreadPool& threads);

}  // namespace crossfade
