// Draws a user's lists and their weights.
#include "crossfade/synth/taste.h"

#include <cmath>

#include "crossfade/synth/streams.h"

namespace crossfade {

Taste::Taste(const TasteShape& shape, const Catalogue& catalogue, const std::vector<double>& shares,
             std::uint64_t seed, std::int64_t user, int domain) {
  const bool alone = shape.favourites == 0;
  const double favourite_share = alone ? 0 : shape.favourite_share;
  const double taste_share = 1 - favourite_share - shape.popular_share;
  Rng own = user_stream(seed, user, domain, Purpose::kTaste);
  if (shape.strength > 0)
    add_origin(shares, taste_share * shape.strength, shape.drift,
               user_stream(seed, user, 0, Purpose::kSharedTaste));
  if (shape.strength < 1)
    add_origin(shares, taste_share * (1 - shape.strength), shape.drift, Rng(own.next()));

  // A favourite is the artist of an item that the user's first tastes would choose.
  const std::size_t num_tastes = size_;
  for (std::int64_t f = 0; f < shape.favourites; ++f) {
    double x = own.uniform() * taste_share;
    std::size_t part = 0;
    while (part + 1 < num_tastes && (x -= parts_[part].weight) >= 0) ++part;
    const std::int32_t item = catalogue.lists().draw(parts_[part].list, own).item;
    const double weight = favourite_share / static_cast<double>(shape.favourites);
    add(catalogue.artist_list(catalogue.item(item).artist), weight, weight);
  }
  add(catalogue.popular_list(), shape.popular_share, shape.popular_share);
}

void Taste::add(std::int32_t list, double weight, double end) {
  for (std::size_t part = 0; part < size_; ++part)
    if (parts_[part].list == list) {
      parts_[part].weight += weight;
      parts_[part].end += end;
      return;
    }
  parts_[size_++] = {list, weight, end};
}

void Taste::add_origin(const std::vector<double>& shares, double weight, double drift, Rng rng) {
  add_tastes(shares, weight, weight * (1 - drift), rng);
  if (drift > 0) add_tastes(shares, 0, weight * drift, rng);
}

// One to five tastes with weights from a flat Dirichlet distribution.
void Taste::add_tastes(const std::vector<double>& shares, double weight, double end, Rng& rng) {
  const auto count = static_cast<std::size_t>(1 + rng.below(kMaxTastes));
  std::array<std::int32_t, kMaxTastes> tastes;
  std::array<double, kMaxTastes> masses;
  double total = 0;
  for (std::size_t t = 0; t < count; ++t) {
    tastes[t] = taste_at(shares, rng.uniform());
    total += masses[t] = -std::log(1 - rng.uniform()) + 1e-9;
  }
  for (std::size_t t = 0; t < count; ++t)
    add(tastes[t], weight * masses[t] / total, end * masses[t] / total);
}

std::int32_t Taste::draw(double share, Rng& rng) const {
  double x = rng.uniform();
  std::size_t part = 0;
  while (part + 1 < size_ && (x -= parts_[part].at(share)) >= 0) ++part;
  return parts_[part].list;
}

double Taste::probability(const Catalogue& catalogue, std::int32_t item, double share) const {
  const int epoch = epoch_at(share);
  if (catalogue.birth(item) > epoch) return 0;
  double total = 0;
  for (const Part& part : parts()) {
    const double within = catalogue.probability(part.list, item);
    if (within > 0) total += part.at(share) * within / catalogue.mass(part.list, epoch);
  }
  return total;
}

}  // namespace crossfade
