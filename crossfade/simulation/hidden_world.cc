// Joins the three files.
#include "crossfade/simulation/hidden_world.h"

#include <algorithm>
#include <utility>

namespace crossfade {

Result<HiddenWorld> HiddenWorld::assemble(TrackVectors vectors, TrackList tracks,
                                          Listeners listeners) {
  CROSSFADE_CHECK(tracks.size() == vectors.rows(), "every track has a vector");
  std::int32_t most = 1;
  for (const Listener& listener : listeners.all) most = std::max(most, listener.temper.neighbours);
  CROSSFADE_ASSIGN_OR_RETURN(Neighbours neighbours, Neighbours::create(vectors, most));
  return HiddenWorld{std::move(vectors), std::move(tracks), std::move(listeners),
                     std::move(neighbours)};
}

Result<HiddenWorld> HiddenWorld::open(const WorldPaths& paths, const Temper& defaults) {
  CROSSFADE_ASSIGN_OR_RETURN(TrackVectors vectors, TrackVectors::read(paths.embeddings));
  CROSSFADE_ASSIGN_OR_RETURN(TrackList tracks, read_tracks(paths.tracks, vectors.rows()));
  CROSSFADE_ASSIGN_OR_RETURN(Listeners listeners,
                             read_listeners(paths.users, defaults, vectors.rows()));
  return assemble(std::move(vectors), std::move(tracks), std::move(listeners));
}

}  // namespace crossfade
