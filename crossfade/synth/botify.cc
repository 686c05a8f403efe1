// Artists and popularity, then listeners; the vectors are made in botify_vectors.cc.
#include "crossfade/synth/botify.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "crossfade/base/json.h"
#include "crossfade/synth/alias_lists.h"
#include "crossfade/synth/botify_vectors.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

enum class Kind : std::uint64_t { kSizes = 1, kOrder, kGenres, kArtist, kTrack, kUser };
constexpr double kCut = 2;          // deviations at which a lognormal popularity ends
constexpr double kMostTracks = 80;  // of an artist, before sizes are scaled to the catalogue
constexpr int kTries = 100;         // draws of an interest that is not there yet

Rng stream(std::uint64_t seed, Kind kind, std::int64_t number = 0) {
  return Rng(mix64(seed ^ mix64(0xB07F1000 + static_cast<std::uint64_t>(kind))),
             static_cast<std::uint64_t>(number));
}

Status check(const BotifyConfig& config) {
  if (config.artists > config.tracks)
    return usage_error("botify: more artists (" + std::to_string(config.artists) +
                       ") than tracks (" + std::to_string(config.tracks) + "); set artists lower");
  if (config.genres > config.artists)
    return usage_error("botify: more genres (" + std::to_string(config.genres) +
                       ") than artists (" + std::to_string(config.artists) + "); set genres lower");
  if (config.rank > config.dims)
    return usage_error("botify: a rank of " + std::to_string(config.rank) + " does not fit into " +
                       std::to_string(config.dims) + " dims; set rank lower");
  if (config.interests_most > config.tracks)
    return usage_error("botify: more interests (" + std::to_string(config.interests_most) +
                       ") than tracks; set interests_most lower");
  return ok_status();
}

// One track at least, the rest in proportion to a weight: alike, or singles and a Pareto tail.
std::vector<std::int64_t> artist_sizes(const BotifyConfig& config, std::uint64_t seed) {
  Rng rng = stream(seed, Kind::kSizes);
  std::vector<double> ends;  // of the weights, added up
  double sum = 0;
  for (std::int64_t artist = 0; artist < config.artists; ++artist) {
    const double uniform = rng.uniform();
    double weight = 0.6 + 0.8 * uniform;
    if (config.single_artists > 0)
      weight = rng.uniform() < config.single_artists
                   ? 0
                   : std::min(2 / std::max(uniform, 1e-9), kMostTracks);
    ends.push_back(sum += weight);
  }
  if (sum == 0) ends.back() = sum = 1;
  std::vector<std::int64_t> sizes;
  const auto spare = static_cast<double>(config.tracks - config.artists);
  double before = 0;
  for (const double end : ends) {
    const double here = std::round(spare * (end / sum));
    sizes.push_back(1 + static_cast<std::int64_t>(here - before));
    before = here;
  }
  return sizes;
}

std::vector<std::int32_t> artists_of_tracks(const BotifyConfig& config, std::uint64_t seed) {
  std::vector<std::int32_t> artists;
  const auto sizes = artist_sizes(config, seed);
  for (std::size_t artist = 0; artist < sizes.size(); ++artist)
    artists.insert(artists.end(), static_cast<std::size_t>(sizes[artist]),
                   static_cast<std::int32_t>(artist));
  if (config.normalised) return artists;
  Rng rng = stream(seed, Kind::kOrder);  // by popularity, which is not the artists' order
  for (std::size_t i = artists.size() - 1; i > 0; --i)
    std::swap(artists[i], artists[rng.below(i + 1)]);
  return artists;
}

// Genres of falling size; the first artists have one each, so that none is empty.
std::vector<std::int32_t> genres_of_artists(const BotifyConfig& config, std::uint64_t seed) {
  std::vector<double> ends;
  double sum = 0;
  for (std::int64_t genre = 0; genre < config.genres; ++genre)
    ends.push_back(sum += 1 / std::sqrt(static_cast<double>(genre + 2)));
  Rng rng = stream(seed, Kind::kGenres);
  std::vector<std::int32_t> genres;
  for (std::int64_t artist = 0; artist < config.artists; ++artist) {
    const auto place = std::upper_bound(ends.begin(), ends.end() - 1, rng.uniform() * sum);
    genres.push_back(artist < config.genres ? static_cast<std::int32_t>(artist)
                                            : static_cast<std::int32_t>(place - ends.begin()));
  }
  return genres;
}

double lognormal(double sigma, Rng rng) {
  return std::exp(sigma * std::clamp(rng.normal(), -kCut, kCut));
}

std::vector<double> popularity_of_tracks(const BotifyConfig& config,
                                         const std::vector<std::int32_t>& artist_of,
                                         std::uint64_t seed) {
  std::vector<double> popularity;
  const double offset = 1 + config.offset * static_cast<double>(config.tracks);
  for (std::size_t track = 0; track < artist_of.size(); ++track) {
    const auto number = static_cast<std::int64_t>(track);
    popularity.push_back(
        lognormal(config.artist_sigma, stream(seed, Kind::kArtist, artist_of[track])) *
        lognormal(config.track_sigma, stream(seed, Kind::kTrack, number)) *
        std::pow(static_cast<double>(number) + offset, -config.decay));
  }
  const double sum = std::accumulate(popularity.begin(), popularity.end(), 0.0);
  for (double& p : popularity) p /= sum;
  return popularity;
}

// List 0: all tracks by popularity; list 1 + g: those of genre g.
AliasLists interest_lists(const std::vector<double>& popularity,
                          const std::vector<std::int32_t>& genres) {
  std::vector<std::vector<std::int32_t>> lists(1);
  for (std::size_t track = 0; track < popularity.size(); ++track) {
    lists[0].push_back(static_cast<std::int32_t>(track));
    if (genres.empty()) continue;
    const std::size_t list = static_cast<std::size_t>(genres[track]) + 1;
    if (list >= lists.size()) lists.resize(list + 1);
    lists[list].push_back(static_cast<std::int32_t>(track));
  }
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> items;
  std::vector<double> weights;
  for (const auto& list : lists) {
    items.insert(items.end(), list.begin(), list.end());
    for (const std::int32_t track : list)
      weights.push_back(popularity[static_cast<std::size_t>(track)]);
    offsets.push_back(static_cast<std::int64_t>(items.size()));
  }
  ThreadPool one(1);
  return AliasLists(std::move(offsets), std::move(items), weights, {}, one);
}

BotifyUser make_user(const BotifyConfig& config, const AliasLists& lists,
                     const std::vector<std::int32_t>& genres, Rng rng) {
  BotifyUser user;
  std::int64_t count = config.interests_least;
  for (std::int64_t more = config.interests_least; more < config.interests_most; ++more)
    count += static_cast<std::int64_t>(rng.next() >> 63);
  while (static_cast<std::int64_t>(user.interests.size()) < count) {
    std::int32_t list = 0;
    if (!user.interests.empty() && !genres.empty() && rng.uniform() >= config.restart)
      list = 1 + genres[static_cast<std::size_t>(user.interests.back())];
    std::int32_t track = lists.draw(list, rng).item;
    const auto has = [&](std::int32_t one) {
      return std::find(user.interests.begin(), user.interests.end(), one) != user.interests.end();
    };
    for (int tries = 0; has(track) && tries < kTries; ++tries) track = lists.draw(0, rng).item;
    if (has(track)) break;  // a catalogue of a few tracks: fewer interests
    user.interests.push_back(track);
  }
  const auto uniform = [&](double low, double high) { return low + (high - low) * rng.uniform(); };
  user.bias = uniform(config.bias_low, config.bias_high);
  user.sharpness = uniform(config.sharpness_low, config.sharpness_high);
  if (config.sharpness_inverts && rng.next() >> 63) user.sharpness = 1 / user.sharpness;
  return user;
}

}  // namespace

BotifyConfig BotifyConfig::of_2022() {
  BotifyConfig config;
  config.tracks = 50000;
  config.artists = 11464;
  config.dims = config.rank = 100;
  config.genres = 40;
  config.normalised = false;
  config.spectrum = 0.1;
  config.artist_spread = 0.1;
  config.common = 0.06;
  config.genre = 0.15;
  config.artist = 0.9;
  config.track = 0.3;
  config.length = 3.7;
  config.length_growth = 0.35;
  config.artist_sigma = 0;
  config.track_sigma = 0.9;
  config.decay = 1.1;
  config.single_artists = 0.565;
  config.interests_least = config.interests_most = 3;
  config.restart = 1;
  config.bias_low = 0;
  config.bias_high = 10;
  config.sharpness_low = 1;
  config.sharpness_high = 2;
  config.sharpness_inverts = true;
  return config;
}

Result<std::vector<BotifyUser>> make_botify_users(const BotifyConfig& config,
                                                  const std::vector<double>& popularity,
                                                  const std::vector<std::int32_t>& genres,
                                                  std::uint64_t seed) {
  if (config.interests_least > config.interests_most || config.bias_low > config.bias_high ||
      config.sharpness_low > config.sharpness_high)
    return usage_error("botify: of interests, bias or sharpness the lower end is above the upper");
  const AliasLists lists = interest_lists(popularity, genres);
  std::vector<BotifyUser> users;
  for (std::int64_t user = 0; user < config.users; ++user)
    users.push_back(make_user(config, lists, genres, stream(seed, Kind::kUser, user)));
  return users;
}

Result<BotifyWorld> make_botify_world(const BotifyConfig& config, std::uint64_t seed,
                                      Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check(config));
  BotifyWorld world;
  world.seed = seed;
  world.dims = config.dims;
  world.artist_of = artists_of_tracks(config, seed);
  world.genre_of = genres_of_artists(config, seed);
  world.popularity = popularity_of_tracks(config, world.artist_of, seed);
  std::vector<std::int32_t> genres;
  for (const std::int32_t artist : world.artist_of)
    genres.push_back(world.genre_of[static_cast<std::size_t>(artist)]);
  CROSSFADE_ASSIGN_OR_RETURN(world.users,
                             make_botify_users(config, world.popularity, genres, seed));
  CROSSFADE_RETURN_IF_ERROR(make_botify_vectors(config, world, context));
  return world;
}

std::string BotifyWorld::track_line(std::int32_t track) const {
  const std::int32_t artist = artist_of[static_cast<std::size_t>(track)];
  return to_text(Json::object()
                     .set("artist", invented_name(artist, seed))
                     .set("title", track_title(track, seed))
                     .set("genres", Json::array().push(
                                        music_genre(genre_of[static_cast<std::size_t>(artist)])))
                     .set("artist_id", std::int64_t{artist})
                     .set("track", std::int64_t{track}));
}

std::string botify_user_line(std::int64_t user, const BotifyUser& who) {
  Json interests = Json::array();
  for (const std::int32_t track : who.interests) interests.push(std::int64_t{track});
  return to_text(Json::object()
                     .set("user", user)
                     .set("interests", std::move(interests))
                     .set("consume_bias", who.bias)
                     .set("consume_sharpness", who.sharpness));
}

std::string botify_top_tracks(const std::vector<double>& popularity, std::int64_t count) {
  std::vector<std::int32_t> tracks(popularity.size());
  std::iota(tracks.begin(), tracks.end(), 0);
  std::stable_sort(tracks.begin(), tracks.end(), [&](std::int32_t a, std::int32_t b) {
    return popularity[static_cast<std::size_t>(a)] > popularity[static_cast<std::size_t>(b)];
  });
  tracks.resize(std::min(tracks.size(), static_cast<std::size_t>(count)));
  Json list = Json::array();
  for (const std::int32_t track : tracks) list.push(std::int64_t{track});
  return to_text(list);
}

}  // namespace crossfade
