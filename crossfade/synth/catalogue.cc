// Draws artists, gives each its tracks, and collects the rows of all lists by counting.
#include "crossfade/synth/catalogue.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "crossfade/synth/streams.h"

namespace crossfade {
namespace {

constexpr double kParetoExponent = 1.8;
constexpr double kSecondTasteChance = 0.5;
constexpr std::int64_t kLargestArtist = 50;  // times the mean

// Rows of one list per item and kind, before they are sorted into lists.
struct Row {
  std::int32_t list;
  double weight;
};

}  // namespace

std::vector<double> taste_shares(std::int64_t tastes) {
  std::vector<double> shares;
  double total = 0;
  for (std::int64_t t = 0; t < tastes; ++t)
    shares.push_back(total += 1 / std::sqrt(static_cast<double>(t) + 2));
  for (double& share : shares) share /= total;
  return shares;
}

std::int32_t taste_at(const std::vector<double>& shares, double x) {
  const auto at = std::upper_bound(shares.begin(), shares.end() - 1, x) - shares.begin();
  return static_cast<std::int32_t>(at);
}

Catalogue::Catalogue(const CatalogueShape& shape, std::uint64_t seed, int domain,
                     ThreadPool& threads)
    : num_tastes_(static_cast<std::int32_t>(shape.tastes)) {
  Rng rng = catalogue_stream(seed, domain);
  items_.resize(static_cast<std::size_t>(shape.items));
  std::vector<double> second_share;
  const std::vector<double> popularity = draw_items(shape, rng, second_share);
  if (shape.new_items > 0) draw_births(shape.new_items, Rng(rng.next()));
  build_lists(popularity, second_share, threads);
  if (shape.new_items > 0) add_masses();
}

// Births come after everything else is drawn: a world without them has the same items.
void Catalogue::draw_births(double share, Rng rng) {
  births_.assign(items_.size(), 0);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const bool first = i == 0 || items_[i].artist != items_[i - 1].artist;
    const bool late = rng.uniform() < share;
    const auto epoch = static_cast<std::uint8_t>(1 + rng.below(kEpochs - 1));
    if (late && !first) births_[i] = epoch;
  }
}

void Catalogue::add_masses() {
  for (std::int32_t list = 0; list <= num_tastes_; ++list)
    for (int epoch = 0; epoch < kEpochs; ++epoch)
      masses_.push_back(born_mass(list < num_tastes_ ? list : popular_list(), epoch));
}

double Catalogue::born_mass(std::int32_t list, int epoch) const {
  const auto items = lists_.items(list);
  const auto probabilities = lists_.probabilities(list);
  double mass = 0;
  for (std::size_t row = 0; row < items.size(); ++row)
    if (birth(items[row]) <= epoch) mass += double{probabilities[row]};
  return mass;
}

double Catalogue::mass(std::int32_t list, int epoch) const {
  if (births_.empty()) return 1;
  const bool artist = list >= num_tastes_ && list != popular_list();
  if (artist) return born_mass(list, epoch);
  const std::int32_t row = std::min(list, num_tastes_);
  return masses_[static_cast<std::size_t>(row) * kEpochs + static_cast<std::size_t>(epoch)];
}

std::vector<double> Catalogue::draw_items(const CatalogueShape& shape, Rng& rng,
                                          std::vector<double>& second_share) {
  const std::vector<double> shares = taste_shares(shape.tastes);
  const double smallest = shape.items_per_artist * (kParetoExponent - 1) / kParetoExponent;
  const double largest = shape.items_per_artist * kLargestArtist;
  std::vector<double> popularity(items_.size());
  second_share.assign(items_.size(), 0);
  for (std::size_t next = 0; next < items_.size(); ++num_artists_) {
    const double pareto = smallest * std::pow(1 - rng.uniform(), -1 / kParetoExponent);
    auto size = static_cast<std::size_t>(std::lround(std::clamp(pareto, 1.0, largest)));
    const double artist_popularity = std::exp(shape.artist_sigma * rng.normal());
    std::int32_t taste = taste_at(shares, rng.uniform());
    if (num_artists_ < num_tastes_) {  // no taste stays without items
      taste = num_artists_;
      size = std::min(size, items_.size() / shares.size());
    }
    std::int32_t second = rng.uniform() < kSecondTasteChance ? taste_at(shares, rng.uniform()) : -1;
    if (second == taste) second = -1;
    const std::size_t end = std::min(next + size, items_.size());
    for (; next < end; ++next) {
      items_[next] = {taste, second, num_artists_, 0, 0, 0, 0};
      popularity[next] =
          shape.popularity_floor + artist_popularity * std::exp(shape.item_sigma * rng.normal());
      const double share = 0.5 * rng.uniform();
      if (second >= 0) second_share[next] = share;
    }
  }
  return popularity;
}

void Catalogue::build_lists(const std::vector<double>& popularity,
                            const std::vector<double>& second_share, ThreadPool& threads) {
  const auto rows_of = [&](std::size_t i) {
    const ItemTruth& item = items_[i];
    return std::array<Row, 4>{{{item.taste, popularity[i] * (1 - second_share[i])},
                               {item.second_taste, popularity[i] * second_share[i]},
                               {artist_list(item.artist), popularity[i]},
                               {popular_list(), popularity[i]}}};
  };
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(popular_list()) + 2, 0);
  for (std::size_t i = 0; i < items_.size(); ++i)
    for (const Row& row : rows_of(i))
      if (row.list >= 0) ++offsets[static_cast<std::size_t>(row.list) + 1];
  for (std::size_t l = 1; l < offsets.size(); ++l) offsets[l] += offsets[l - 1];

  std::vector<std::int32_t> members(static_cast<std::size_t>(offsets.back()));
  std::vector<double> weights(members.size());
  std::vector<double> totals(offsets.size(), 0);
  std::vector<std::int64_t> place(offsets.begin(), offsets.end() - 1);
  for (std::size_t i = 0; i < items_.size(); ++i)
    for (const Row& row : rows_of(i))
      if (row.list >= 0) {
        const auto at = static_cast<std::size_t>(place[static_cast<std::size_t>(row.list)]++);
        members[at] = static_cast<std::int32_t>(i);
        weights[at] = row.weight;
        totals[static_cast<std::size_t>(row.list)] += row.weight;
      }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const auto rows = rows_of(i);
    const std::array<float*, 4> fields{&items_[i].in_taste, &items_[i].in_second,
                                       &items_[i].in_artist, &items_[i].in_popular};
    for (std::size_t kind = 0; kind < rows.size(); ++kind)
      if (rows[kind].list >= 0)
        *fields[kind] = static_cast<float>(rows[kind].weight /
                                           totals[static_cast<std::size_t>(rows[kind].list)]);
  }
  lists_ = AliasLists(std::move(offsets), std::move(members), weights, births_, threads);
}

double Catalogue::probability(std::int32_t list, std::int32_t i) const {
  const ItemTruth& truth = item(i);
  if (list == popular_list()) return truth.in_popular;
  if (list >= num_tastes_) return artist_list(truth.artist) == list ? truth.in_artist : 0;
  if (truth.taste == list) return truth.in_taste;
  return truth.second_taste == list ? truth.in_second : 0;
}

}  // namespace crossfade
