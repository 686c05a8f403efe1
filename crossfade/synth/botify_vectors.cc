// Directions are drawn from streams by kind and number, so tracks are made in any order.
#include "crossfade/synth/botify_vectors.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace crossfade {
namespace {

enum class Kind : std::uint64_t { kCommon = 11, kGenre, kArtist, kTrack, kTurn, kWeight };

Rng stream(std::uint64_t seed, Kind kind, std::int64_t number) {
  return Rng(mix64(seed ^ mix64(static_cast<std::uint64_t>(kind))),
             static_cast<std::uint64_t>(number));
}

using Vector = std::vector<double>;

Vector unit(Vector vector) {
  double squares = 0;
  for (const double value : vector) squares += value * value;
  for (double& value : vector) value /= std::sqrt(squares);
  return vector;
}

class Directions {
 public:
  Directions(const BotifyConfig& config, std::uint64_t seed) : config_(config), seed_(seed) {
    for (std::int64_t r = 0; r < config.rank; ++r)
      deviations_.push_back(std::pow(static_cast<double>(r + 1), -config.spectrum));
    common_ = direction(Kind::kCommon, 0);
    for (std::int64_t genre = 0; genre < config.genres; ++genre)
      genres_.push_back(direction(Kind::kGenre, genre));
  }

  // A unit vector of `rank` numbers.
  Vector direction(Kind kind, std::int64_t number) const {
    Rng rng = stream(seed_, kind, number);
    Vector vector(deviations_);
    for (double& value : vector) value *= rng.normal();
    return unit(std::move(vector));
  }
  const Vector& common() const { return common_; }
  const Vector& genre(std::int32_t genre) const { return genres_[static_cast<std::size_t>(genre)]; }
  double artist_weight(std::int32_t artist) const {
    return config_.artist *
           std::exp(config_.artist_spread * stream(seed_, Kind::kWeight, artist).normal());
  }

 private:
  const BotifyConfig& config_;
  std::uint64_t seed_;
  Vector deviations_, common_;
  std::vector<Vector> genres_;
};

void add(const Vector& direction, double weight, Vector& sum) {
  for (std::size_t r = 0; r < sum.size(); ++r) sum[r] += weight * direction[r];
}

// Lengths by popularity, 1 at its median times config.length.
std::vector<double> lengths(const BotifyConfig& config, const std::vector<double>& popularity) {
  if (config.length_growth == 0) return std::vector<double>(popularity.size(), config.length);
  std::vector<double> sorted = popularity;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                   sorted.end());
  const double median = sorted[sorted.size() / 2];
  std::vector<double> all;
  for (const double p : popularity)
    all.push_back(config.length * std::pow(p / median, config.length_growth));
  return all;
}

}  // namespace

void turn(std::uint64_t seed, std::span<double> vector) {
  Rng rng = stream(seed, Kind::kTurn, 0);
  for (double& value : vector)
    if (rng.next() >> 63) value = -value;
  for (std::size_t stride = 1; stride < vector.size(); stride *= 2)
    for (std::size_t i = 0; i + stride < vector.size(); ++i) {
      if (i & stride) continue;
      const double a = vector[i], b = vector[i + stride];
      vector[i] = (a + b) * (1 / std::numbers::sqrt2);
      vector[i + stride] = (a - b) * (1 / std::numbers::sqrt2);
    }
}

Status make_botify_vectors(const BotifyConfig& config, BotifyWorld& world, Context& context) {
  const Directions directions(config, world.seed);
  const std::vector<double> length = lengths(config, world.popularity);
  const auto dims = static_cast<std::size_t>(config.dims);
  const auto size = static_cast<std::size_t>(config.tracks) * dims;
  if (config.normalised)
    world.halves.resize(size);
  else
    world.floats.resize(size);
  context.progress.begin("embeddings", config.tracks, "tracks");
  context.threads.parallel_for(config.tracks, 64, [&](std::int64_t begin, std::int64_t end, int) {
    if (context.stop) return;
    for (auto track = static_cast<std::size_t>(begin); track < static_cast<std::size_t>(end);
         ++track) {
      const std::int32_t artist = world.artist_of[track];
      Vector sum(static_cast<std::size_t>(config.rank));
      add(directions.common(), config.common, sum);
      add(directions.genre(world.genre_of[static_cast<std::size_t>(artist)]), config.genre, sum);
      add(directions.direction(Kind::kArtist, artist), directions.artist_weight(artist), sum);
      add(directions.direction(Kind::kTrack, static_cast<std::int64_t>(track)), config.track, sum);
      sum = unit(std::move(sum));
      sum.resize(dims);
      turn(world.seed, sum);
      for (std::size_t d = 0; d < dims; ++d) {
        const auto value = static_cast<float>(sum[d] * length[track]);
        if (config.normalised)
          world.halves[track * dims + d] = float_to_half(value);
        else
          world.floats[track * dims + d] = value;
      }
    }
    context.progress.advance(end - begin);
  });
  context.progress.end();
  return context.check_stop();
}

}  // namespace crossfade
