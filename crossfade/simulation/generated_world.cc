// Copies what both sides name differently.
#include "crossfade/simulation/generated_world.h"

#include <utility>

namespace crossfade {

Result<HiddenWorld> hidden_world_of(const BotifyWorld& world, const Temper& defaults) {
  Listeners listeners;
  for (const BotifyUser& user : world.users) {
    Listener listener;
    listener.user = static_cast<std::int64_t>(listeners.all.size());
    listener.temper = defaults;
    listener.temper.bias = user.bias;
    listener.temper.sharpness = user.sharpness;
    listener.first_interest = static_cast<std::int64_t>(listeners.interests.size());
    listener.num_interests = static_cast<std::int32_t>(user.interests.size());
    listeners.interests.insert(listeners.interests.end(), user.interests.begin(),
                               user.interests.end());
    listeners.all.push_back(listener);
  }
  return hidden_world_of(world, std::move(listeners));
}

Result<HiddenWorld> hidden_world_of(const BotifyWorld& world, Listeners listeners) {
  const auto rows = static_cast<std::int64_t>(world.artist_of.size());
  auto vectors = world.halves.empty() ? TrackVectors::create(Array<float>(world.floats), rows)
                                      : TrackVectors::create(Array<Half>(world.halves), rows);
  if (!vectors.ok()) return vectors.status();
  TrackList tracks;
  tracks.artist_of = world.artist_of;
  tracks.artists = StringArray(std::vector<std::string>(world.genre_of.size()));
  tracks.titles = StringArray(std::vector<std::string>(world.artist_of.size()));
  return HiddenWorld::assemble(std::move(*vectors), std::move(tracks), std::move(listeners));
}

}  // namespace crossfade
