// HiddenWorld: what the simulator knows and no recommender may: listeners, embeddings, artists.
#pragma once

#include <string>

#include "crossfade/base/status.h"
#include "crossfade/simulation/listeners.h"
#include "crossfade/simulation/neighbours.h"
#include "crossfade/simulation/track_list.h"
#include "crossfade/simulation/track_vectors.h"

namespace crossfade {

struct WorldPaths {
  std::string tracks, users, embeddings;
};

// Only read once it is made; several threads may use it.
struct HiddenWorld {
  TrackVectors vectors;
  TrackList tracks;
  Listeners listeners;
  Neighbours neighbours;

  // Puts parts together that fit: as many tracks as vectors, interests within them. Errors: as
  // Neighbours::create().
  static Result<HiddenWorld> assemble(TrackVectors vectors, TrackList tracks, Listeners listeners);
  // Reads the files of any generation. Errors: as the readers' of the three parts, and assemble().
  static Result<HiddenWorld> open(const WorldPaths& paths, const Temper& defaults);
};

}  // namespace crossfade
