// Catalogue: a domain's items with their artists, and the lists from which discoveries are drawn.
//
// Three kinds of lists, numbered together: one per taste, one per artist, one of everything that is
// popular. An item stands in the list of its taste, perhaps in that of a second taste, in its
// artist's and in the popular one. Some items arrive while the log runs: each is born with one of
// kEpochs equal parts of the activity, and lists hold only what is born. README.md has the
// formulas. In a shop an artist is a brand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/synth/alias_lists.h"

namespace crossfade {

constexpr int kEpochs = 32;
// The epoch that goes on when `share` (0 to 1) of the world's activity is over.
inline int epoch_at(double share) {
  return std::clamp(static_cast<int>(share * kEpochs), 0, kEpochs - 1);
}

struct CatalogueShape {
  std::int64_t items = 1000;  // at least as many as tastes
  std::int64_t tastes = 40;
  double items_per_artist = 5.75;  // mean of a Pareto distribution of exponent 1.8
  double artist_sigma = 1.3;       // of the logarithm of an artist's popularity
  double item_sigma = 1.0;         // of the logarithm of an item's, within its artist
  double popularity_floor = 0;     // added to every popularity, whose median is 1
  double new_items = 0;  // share of the items that arrive later; an artist's first never does
};

// An item's place in the lists; probabilities are those of the item within each list of all items,
// born or not.
struct ItemTruth {
  std::int32_t taste, second_taste, artist;  // second_taste: -1 if it has one taste only
  float in_taste, in_second, in_artist, in_popular;
};

class Catalogue {
 public:
  // The first artists get a taste each in turn, so that every list has an item.
  Catalogue(const CatalogueShape& shape, std::uint64_t seed, int domain, ThreadPool& threads);

  std::int64_t num_items() const { return static_cast<std::int64_t>(items_.size()); }
  std::int32_t num_tastes() const { return num_tastes_; }
  std::int32_t num_artists() const { return num_artists_; }
  const ItemTruth& item(std::int32_t i) const { return items_[static_cast<std::size_t>(i)]; }
  const AliasLists& lists() const { return lists_; }

  std::int32_t taste_list(std::int32_t taste) const { return taste; }
  std::int32_t artist_list(std::int32_t artist) const { return num_tastes_ + artist; }
  std::int32_t popular_list() const { return num_tastes_ + num_artists_; }
  // The probability of an item within a list of all items, 0 if it does not stand there.
  double probability(std::int32_t list, std::int32_t item) const;

  // The first epoch of an item: 0 if it was always there.
  int birth(std::int32_t item) const {
    return births_.empty() ? 0 : births_[static_cast<std::size_t>(item)];
  }
  // The probability of all items of a list that are born by an epoch; 1 / mass makes those within
  // the epoch's list sum to 1.
  double mass(std::int32_t list, int epoch) const;
  // An item of a list that is born by the epoch. Every list has one that was always there, so the
  // loop ends; it rarely takes a second turn.
  std::int32_t draw(std::int32_t list, int epoch, Rng& rng) const {
    for (;;) {
      const AliasLists::Drawn drawn = lists_.draw(list, rng);
      if (drawn.mark <= epoch) return drawn.item;
    }
  }

 private:
  // Returns the items' popularity; `second_share` is what of it belongs to the second taste.
  std::vector<double> draw_items(const CatalogueShape& shape, Rng& rng,
                                 std::vector<double>& second_share);
  void build_lists(const std::vector<double>& popularity, const std::vector<double>& second_share,
                   ThreadPool& threads);
  void draw_births(double share, Rng rng);
  void add_masses();
  double born_mass(std::int32_t list, int epoch) const;

  std::int32_t num_tastes_ = 0, num_artists_ = 0;
  std::vector<ItemTruth> items_;
  AliasLists lists_;
  std::vector<std::uint8_t> births_;  // empty if every item was always there
  std::vector<double> masses_;        // of the tastes' lists and the popular one, by epoch
};

// How common tastes are, the same in all domains: cumulative shares, the last of them 1. Taste t
// weighs 1 / sqrt(t + 2).
std::vector<double> taste_shares(std::int64_t tastes);
// The taste at `x` in [0, 1) of these shares.
std::int32_t taste_at(const std::vector<double>& shares, double x);

}  // namespace crossfade
