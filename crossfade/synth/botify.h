// The botify world: catalogue, listeners and hidden embeddings of the course's music service, in
// its own files' shapes. Not a log: a simulator plays listeners in it.
//
// Tracks have an artist, artists a genre. A track's vector is
//
//   x = length * unit(common m + genre g + artist a + track z)
//
// of directions m (one for all), g, a, z with normal coordinates of standard deviation r^-spectrum
// along axis r = 1 .. rank, turned into `dims` axes. Popularity is lognormal by artist and by
// track, cut at two deviations, times (number + offset)^-decay where tracks are numbered by
// popularity; lengths grow with it where embeddings were not normalised. A listener has interests,
// drawn by popularity, or, after the first, near the one before it (the same genre); bias and
// sharpness are uniform as in the published users.
//
// The defaults are the generation of 2026 (text embeddings, mean-centred and normalised, float16);
// of_2022() is that of 2021 to 2023 (LightFM item vectors, float32). What was calibrated on what
// stands in docs/simulation.md; botify_test.cc holds the parameters and the bytes they make.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/half.h"
#include "crossfade/base/knobs.h"
#include "crossfade/base/rng.h"

namespace crossfade {

struct BotifyConfig {
  std::int64_t tracks = 16198, artists = 1290, users = 10000;
  std::int64_t dims = 4096, rank = 256, genres = 20;
  bool normalised =
      true;  // unit vectors as float16, artists in blocks; else float32, by popularity
  double spectrum = 0.41;
  double common = 0, genre = 0.26, artist = 0.55, track = 0.75;  // weights of the directions
  double artist_spread = 0.5;  // of the logarithm of an artist's weight
  double length = 1, length_growth = 0;
  double artist_sigma = 1.0, track_sigma = 1.3;          // of the logarithm of popularity
  double decay = 0, offset = 0.06;                       // offset is a share of the tracks
  double single_artists = 0;                             // share of artists with one track
  std::int64_t interests_least = 1, interests_most = 6;  // binomial between
  double restart = 0.5;  // chance that a further interest is drawn by popularity alone
  double bias_low = -0.1, bias_high = 0.4;
  double sharpness_low = 4, sharpness_high = 15;
  bool sharpness_inverts = false;  // half of the listeners have 1 / sharpness

  static BotifyConfig of_2022();

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("tracks", tracks, between(1, 10'000'000), "tracks of the catalogue");
    knob("artists", artists, between(1, 10'000'000), "artists; at most as many as tracks");
    knob("users", users, between(1, 100'000'000), "listeners");
    knob("dims", dims, between(1, 65536), "numbers per track");
    knob("rank", rank, between(1, 65536), "axes that carry something; at most dims");
    knob("genres", genres, between(1, 100'000), "genres; at most as many as artists");
    knob("normalised", normalised, yes_or_no(),
         "unit vectors as float16 and artists in blocks; else float32 and tracks by popularity");
    knob("spectrum", spectrum, between(0, 3), "axis r has the standard deviation r^-spectrum");
    knob("common", common, between(0, 100), "weight of the direction that all tracks share");
    knob("genre", genre, between(0, 100), "weight of the genre's direction");
    knob("artist", artist, between(0, 100), "weight of the artist's direction");
    knob("track", track, between(0.001, 100), "weight of the track's own direction");
    knob("artist_spread", artist_spread, between(0, 3), "how much artists' weights differ");
    knob("length", length, between(0.001, 1000), "length of a vector of median popularity");
    knob("length_growth", length_growth, between(0, 3), "length ~ popularity^this");
    knob("artist_sigma", artist_sigma, between(0, 5), "of the log of artists' popularity");
    knob("track_sigma", track_sigma, between(0, 5), "of the log of tracks' popularity");
    knob("decay", decay, between(0, 5), "popularity ~ (number + offset)^-this");
    knob("offset", offset, between(0.0001, 1), "of the decay, as a share of the tracks");
    knob("single_artists", single_artists, between(0, 1), "artists with a single track");
    knob("interests_least", interests_least, between(1, 1000), "interests of a listener, at least");
    knob("interests_most", interests_most, between(1, 1000), "and at most");
    knob("restart", restart, between(0, 1), "chance that an interest is not near the one before");
    knob("bias_low", bias_low, between(-1000, 1000), "listeners' bias, uniform from");
    knob("bias_high", bias_high, between(-1000, 1000), "to");
    knob("sharpness_low", sharpness_low, between(0.001, 1000), "listeners' sharpness, from");
    knob("sharpness_high", sharpness_high, between(0.001, 1000), "to");
    knob("sharpness_inverts", sharpness_inverts, yes_or_no(), "half have 1 / sharpness");
  }
};

struct BotifyUser {
  std::vector<std::int32_t> interests;  // tracks, no two equal
  double bias = 0, sharpness = 1;
};

struct BotifyWorld {
  std::vector<std::int32_t> artist_of;  // by track
  std::vector<std::int32_t> genre_of;   // by artist
  std::vector<double> popularity;       // by track; sums to 1
  std::vector<BotifyUser> users;
  std::vector<Half> halves;   // tracks x dims, or empty
  std::vector<float> floats;  // the other of the two
  std::int64_t dims = 0;
  std::uint64_t seed = 0;

  // The track's line of tracks.json, without its line break.
  std::string track_line(std::int32_t track) const;
};

// The listener's line of users.json, without its line break.
std::string botify_user_line(std::int64_t user, const BotifyUser& who);
// top_tracks.json: the numbers of the `count` most popular tracks, equal ones by number.
std::string botify_top_tracks(const std::vector<double>& popularity, std::int64_t count);

// A function of config and seed, for any number of threads. Usage errors: knobs that contradict
// each other. Others: interrupted.
Result<BotifyWorld> make_botify_world(const BotifyConfig& config, std::uint64_t seed,
                                      Context& context);

// Listeners as the original's notebooks make them, over tracks of these popularities and genres (of
// tracks; empty: all alike). Usage errors: a range of theirs whose lower end is above the upper.
Result<std::vector<BotifyUser>> make_botify_users(const BotifyConfig& config,
                                                  const std::vector<double>& popularity,
                                                  const std::vector<std::int32_t>& genres,
                                                  std::uint64_t seed);

}  // namespace crossfade
