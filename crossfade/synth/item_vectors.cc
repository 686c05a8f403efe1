// Directions are drawn from streams by number, so any block of items can be made alone.
#include "crossfade/synth/item_vectors.h"

#include <array>
#include <cmath>
#include <numbers>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kTastes = 1, kArtists = 2, kItems = 3;  // streams of directions
constexpr float kArtistWeight = 0.7F, kSecondWeight = 0.3F;

using Vector = std::array<float, kItemVectorSize>;

// Two numbers from each pair of uniform ones (Box and Muller 1958).
Vector direction(std::uint64_t seed, std::uint64_t kind, std::int64_t number) {
  Rng rng(mix64(seed ^ mix64(kind)), static_cast<std::uint64_t>(number));
  Vector vector;
  for (std::size_t d = 0; d < vector.size(); d += 2) {
    const auto radius = std::sqrt(-2 * std::log(1 - static_cast<float>(rng.uniform())));
    const auto angle = 2 * std::numbers::pi_v<float> * static_cast<float>(rng.uniform());
    vector[d] = radius * std::cos(angle);
    vector[d + 1] = radius * std::sin(angle);
  }
  return vector;
}

void add(Vector& sum, const Vector& direction, float weight) {
  for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += weight * direction[d];
}

}  // namespace

void item_vectors(const Catalogue& catalogue, std::uint64_t seed, std::int64_t begin,
                  std::int64_t end, std::span<float> out, ThreadPool& threads) {
  threads.parallel_for(end - begin, 256, [&](std::int64_t from, std::int64_t to, int) {
    std::int32_t known = -1;
    Vector artist{};
    for (std::int64_t row = from; row < to; ++row) {
      const ItemTruth& item = catalogue.item(static_cast<std::int32_t>(begin + row));
      if (item.artist != known) artist = direction(seed, kArtists, known = item.artist);
      const float second = item.second_taste >= 0 ? kSecondWeight : 0;
      Vector vector = direction(seed, kItems, begin + row);
      add(vector, artist, kArtistWeight);
      add(vector, direction(seed, kTastes, item.taste), 1 - second);
      if (second > 0) add(vector, direction(seed, kTastes, item.second_taste), second);
      float length = 0;
      for (const float value : vector) length += value * value;
      const float scale = 1 / std::sqrt(length);
      for (std::size_t d = 0; d < vector.size(); ++d)
        out[static_cast<std::size_t>(row) * kItemVectorSize + d] = scale * vector[d];
    }
  });
}

}  // namespace crossfade
