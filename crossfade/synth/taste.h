// Taste: a user's weights over the lists of a catalogue, drawn anew from the user's own streams
// whenever they are needed (nothing is stored per user). Weights drift: they move in a straight
// line from those of the log's beginning to those of its end.
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
  double drift = 0;              // how much of the tastes is exchanged by the end of the log
  double favourite_share = 0.2;  // of discoveries, among the user's favourite artists
  double popular_share = 0.1;    // of discoveries, by popularity alone
  std::int64_t favourites = 5;   // favourite artists, up to kMaxFavourites
};

class Taste {
 public:
  static constexpr std::int64_t kMaxTastes = 5;  // of either origin: shared, and the domain's own
  static constexpr std::int64_t kMaxFavourites = 12;

  static constexpr std::size_t kMaxParts = 4 * kMaxTastes + kMaxFavourites + 1;

  struct Part {
    std::int32_t list;   // of the catalogue
    double weight, end;  // at the log's beginning and end; all of either sum to 1
    double at(double share) const { return weight + share * (end - weight); }
  };

  // `shares` are taste_shares(catalogue.num_tastes()).
  Taste(const TasteShape& shape, const Catalogue& catalogue, const std::vector<double>& shares,
        std::uint64_t seed, std::int64_t user, int domain);

  // Distinct lists.
  std::span<const Part> parts() const { return {parts_.data(), size_}; }
  // One of the lists, when `share` of the world's activity is over.
  std::int32_t draw(double share, Rng& rng) const;
  // The probability that a discovery at that time, sessions averaged out, is this item.
  double probability(const Catalogue& catalogue, std::int32_t item, double share) const;

 private:
  void add(std::int32_t list, double weight, double end);
  // Tastes of weight `weight` at first, of which `drift` goes over to others.
  void add_origin(const std::vector<double>& shares, double weight, double drift, Rng rng);
  void add_tastes(const std::vector<double>& shares, double weight, double end, Rng& rng);

  std::array<Part, kMaxParts> parts_;
  std::size_t size_ = 0;
};

}  // namespace crossfade
