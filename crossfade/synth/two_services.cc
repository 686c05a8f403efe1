// Shapes of the music service and the shop, and who uses them.
#include "crossfade/synth/two_services.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "crossfade/synth/columns.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

constexpr std::array<double, 24> kListening{2.2, 1.3, 0.8, 0.6, 0.6, 0.9, 1.8, 3.2,
                                            4.6, 5.0, 5.0, 5.1, 5.2, 5.2, 5.2, 5.3,
                                            5.6, 6.0, 6.3, 6.2, 5.8, 5.2, 4.4, 3.3};
constexpr std::array<double, 24> kShopping{1.4, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.5,
                                           4.0, 5.2, 6.0, 6.2, 6.2, 6.0, 5.9, 5.8,
                                           5.8, 5.9, 6.2, 6.6, 6.8, 6.2, 4.6, 2.8};
constexpr std::int64_t kNameBlock = 1 << 17;  // items whose names are made at once

std::int64_t share_of(std::int64_t whole, double share) {
  return std::llround(static_cast<double>(whole) * share);
}

ServiceShape common_shape(const TwoServicesConfig& config) {
  ServiceShape shape;
  shape.catalogue.tastes = config.tastes;
  shape.catalogue.item_sigma = config.item_popularity;
  shape.catalogue.new_items = config.new_items;
  shape.taste.strength = config.strength;
  shape.taste.drift = config.drift;
  shape.activity_sigma = config.activity;
  shape.arrivals = config.arrivals;
  shape.coherence = config.coherence;
  return shape;
}

ServiceShape music_shape(const TwoServicesConfig& config) {
  ServiceShape shape = common_shape(config);
  shape.log = "zvuk";
  shape.number = 1;
  shape.events = config.events - share_of(config.events, config.shop_share);
  shape.catalogue.items = config.items;
  shape.catalogue.artist_sigma = config.popularity;
  shape.catalogue.popularity_floor = config.floor;
  shape.repeat = config.music_repeats;
  shape.recency = config.recency;
  shape.plays = true;
  shape.listening.skip = config.skips;
  return shape;
}

ServiceShape shop_shape(const TwoServicesConfig& config) {
  ServiceShape shape = common_shape(config);
  shape.log = config.shop;
  shape.number = 2;
  shape.events = share_of(config.events, config.shop_share);
  shape.catalogue.items = share_of(config.items, config.goods_ratio);
  shape.catalogue.artist_sigma = config.goods_popularity;
  shape.catalogue.items_per_artist = 12;
  shape.taste.favourites = 2;
  shape.taste.favourite_share = 0.1;
  shape.taste.popular_share = 0.2;
  shape.repeat = config.shop_repeats;
  shape.follow = config.follow;
  shape.session_events = 5;
  shape.shortest_gap_ms = 5000;
  shape.longest_gap_ms = 120000;
  return shape;
}

struct Members {
  std::vector<std::uint8_t> music, shop;
};

// As many of each kind as the knobs say, exactly: user by user with the chance of what is left
// (selection sampling, Knuth, TAOCP 3.4.2).
Members draw_members(const TwoServicesConfig& config, std::uint64_t seed) {
  std::int64_t both = share_of(config.users, config.overlap);
  std::int64_t music = share_of(config.users - both, config.listeners);
  Members members;
  for (std::int64_t left = config.users; left > 0; --left) {
    Rng rng = user_stream(seed, config.users - left, 0, Purpose::kMembership);
    const auto at = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(left)));
    const bool uses_both = at < both, listens = !uses_both && at < both + music;
    both -= uses_both;
    music -= listens;
    members.music.push_back(uses_both || listens);
    members.shop.push_back(!listens);
  }
  return members;
}

// A text per item of a catalogue, made of what the world knows of it and its number.
struct NameColumn {
  std::string name;
  std::function<std::string(const ItemTruth& item, std::int32_t number)> make;
};

WorldTable catalogue_table(TableInfo info, const std::string& id, const WorldDomain& domain,
                           std::vector<NameColumn> names) {
  return numbered_table(
      std::move(info), domain.service->catalogue().num_items(), kNameBlock,
      [domain, id, names = std::move(names)](std::int64_t begin, std::int64_t end,
                                             ThreadPool& threads) {
        const Catalogue& catalogue = domain.service->catalogue();
        const auto rows = static_cast<std::size_t>(end - begin);
        const auto number = [begin](std::size_t row) {
          return static_cast<std::int32_t>(begin + static_cast<std::int64_t>(row));
        };
        Table table;
        table.columns.push_back(make_column(
            id, rows, threads, [&](std::size_t row) { return domain.ids.item + number(row); }));
        for (const NameColumn& column : names)
          table.columns.push_back(make_column(column.name, rows, threads, [&](std::size_t row) {
            return column.make(catalogue.item(number(row)), number(row));
          }));
        return table;
      });
}

}  // namespace

Result<TwoServices> make_two_services(const TwoServicesConfig& config, const std::string& world,
                                      std::uint64_t seed, Context& context) {
  const std::int64_t fewest = std::min(config.items, share_of(config.items, config.goods_ratio));
  if (fewest < config.tastes) return too_few_items(world, fewest, config.tastes);
  const Members members = draw_members(config, seed);
  TwoServices services;
  services.music =
      std::make_shared<const Service>(music_shape(config), Rhythm(config.days, kListening, 1.05),
                                      seed, members.music, context.threads);
  services.shop = std::make_shared<const Service>(
      shop_shape(config), Rhythm(config.days, kShopping, 0.9), seed, members.shop, context.threads);
  return services;
}

WorldTable tracks_table(const WorldDomain& domain, std::uint64_t seed) {
  return catalogue_table(
      {"tracks", TableRole::kCatalogue, "track, artist, title, genres"}, "track", domain,
      {{"artist",
        [seed](const ItemTruth& item, std::int32_t) { return invented_name(item.artist, seed); }},
       {"title", [seed](const ItemTruth&, std::int32_t i) { return track_title(i, seed); }},
       {"genres",
        [](const ItemTruth& item, std::int32_t) { return taste_names(item, music_genre); }}});
}

WorldTable goods_table(const WorldDomain& domain, std::uint64_t seed) {
  return catalogue_table(
      {"goods", TableRole::kCatalogue, "item_id, brand, categories"}, "item_id", domain,
      {{"brand", [seed](const ItemTruth& item,
                        std::int32_t) { return invented_name(item.artist, seed + 1); }},
       {"categories",
        [](const ItemTruth& item, std::int32_t) { return taste_names(item, shop_category); }}});
}

}  // namespace crossfade
