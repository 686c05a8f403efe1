// Taste: a user's weights over the lists of a catalogue, drawn anew from the user's own streams
// whenever they are needed (nothing is stored per user).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/synth/catalogue.h"

namespace crossfade {

struct TasteShape {
  double strength = 0.7;         // how much of the tastes is shared by the domains
  double favourite_share = 0.2;  // of discoveries, among the user's favourite artists
  double popular_share = 0.1;    // of discoveries, by popularity alone
  std::int64_t favourites = 5;   // favourite artists, up to kMaxFavourites
};

class Taste {
 public:
  static constexpr std::int64_t kMaxTastes = 5;  // of either origin: shared, and the domain's own
  static constexpr std::int64_t kMaxFavourites = 12;

  struct Part {
    std::int32_t list;  // of the catalogue
    double weight;      // all weights sum to 1
  };

  // `shares` are taste_shares(catalogue.num_tastes()).
  Taste(const TasteShape& shape, const Catalogue& catalogue, const std::vector<double>& shares,
        std::uint64_t seed, std::int64_t user, int domain);

  // Distinct lists.
  std::span<const Part> parts() const { return {parts_.data(), size_}; }
  std::int32_t draw(Rng& rng) const;  // one of the lists
  // The probability that a discovery, sessions averaged out, is this item.
  double probability(const Catalogue& catalogue, std::int32_t item) const;

 private:
  void add(std::int32_t list, double weight);
  void add_tastes(const std::vector<double>& shares, double weight, Rng rng);

  std::array<Part, 2 * kMaxTastes + kMaxFavourites + 1> parts_;
  std::size_t size_ = 0;
};

}  // namespace crossfade
