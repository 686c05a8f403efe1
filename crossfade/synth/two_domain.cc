// The world two-domain: a music service and a shop whose users share a taste.
//
// Modelled on the published sizes of a real pair (Zvuk: 245 M plays by 383 k users of 1.5 M tracks
// by 262 k artists, about 640 plays per user in four months; SMM: 197 M events by 2.7 M users,
// about 72 each) and on published sessions of a music service (30-minute gap, mean 9 plays, median
// 5). Schema of both logs: user_id, item_id, timestamp (ns), rating.
#include <array>
#include <memory>
#include <utility>

#include "crossfade/synth/generated_world.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

constexpr std::int64_t kFirstUserId = 1000000, kFirstGoodsId = 10000000;

// What a click and a purchase weigh in the shop's published log; four events of five are clicks.
constexpr double kClick = 1.5548076130042918, kPurchase = 2.80242660079047, kClicks = 0.8;

constexpr std::array<double, 24> kListening{2.2, 1.3, 0.8, 0.6, 0.6, 0.9, 1.8, 3.2,
                                            4.6, 5.0, 5.0, 5.1, 5.2, 5.2, 5.2, 5.3,
                                            5.6, 6.0, 6.3, 6.2, 5.8, 5.2, 4.4, 3.3};
constexpr std::array<double, 24> kShopping{1.4, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.5,
                                           4.0, 5.2, 6.0, 6.2, 6.2, 6.0, 5.9, 5.8,
                                           5.8, 5.9, 6.2, 6.6, 6.8, 6.2, 4.6, 2.8};

struct TwoDomainConfig {
  std::int64_t users = 20000, items = 10000, events = 2000000;
  double goods_ratio = 1, shop_share = 0.3, overlap = 0.5, strength = 0.7;
  std::int64_t tastes = 40, days = 120;
  double popularity = 1.3, activity = 1.2, arrivals = 0.3, coherence = 0.5;
  double music_repeats = 0.55, shop_repeats = 0.15;
  std::string order = "time";

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("users", users, between(1, 1e8), "users of the music service, the shop, or both");
    knob("items", items, between(1, 1e8), "tracks of the music service");
    knob("events", events, between(1, 2e9), "plays and shop events together");
    knob("goods_ratio", goods_ratio, between(0.01, 100), "goods of the shop per track");
    knob("shop_share", shop_share, between(0, 1), "share of the events that happen in the shop");
    knob("overlap", overlap, between(0, 1), "share of the users who use both");
    knob("strength", strength, between(0, 1),
         "how much of a user's taste is the same in both; 0: the domains are independent");
    knob("tastes", tastes, between(2, 10000), "clusters of taste");
    knob("days", days, between(1, 3650), "length of the logs");
    knob("popularity", popularity, between(0, 4),
         "tail of artists' popularity: sigma of its logarithm");
    knob("activity", activity, between(0, 3), "tail of users' activity: sigma of its logarithm");
    knob("arrivals", arrivals, between(0, 1), "share of users who come after the first day");
    knob("coherence", coherence, between(0, 1), "how much a session keeps to one mood");
    knob("music_repeats", music_repeats, between(0, 0.99), "share of plays that replay the past");
    knob("shop_repeats", shop_repeats, between(0, 0.99), "the same in the shop");
    knob("order", order, one_of({"time", "user"}), "order of the rows of a log");
  }
};

std::int64_t num_goods(const TwoDomainConfig& config) {
  return static_cast<std::int64_t>(static_cast<double>(config.items) * config.goods_ratio);
}

ServiceShape common_shape(const TwoDomainConfig& config) {
  ServiceShape shape;
  shape.catalogue.tastes = config.tastes;
  shape.catalogue.artist_sigma = config.popularity;
  shape.taste.strength = config.strength;
  shape.activity_sigma = config.activity;
  shape.arrivals = config.arrivals;
  shape.coherence = config.coherence;
  return shape;
}

ServiceShape music_shape(const TwoDomainConfig& config, std::int64_t events) {
  ServiceShape shape = common_shape(config);
  shape.log = "zvuk";
  shape.number = 1;
  shape.events = events;
  shape.catalogue.items = config.items;
  shape.repeat = config.music_repeats;
  return shape;
}

ServiceShape shop_shape(const TwoDomainConfig& config, std::int64_t events) {
  ServiceShape shape = common_shape(config);
  shape.log = "smm";
  shape.number = 2;
  shape.events = events;
  shape.catalogue.items = num_goods(config);
  shape.catalogue.items_per_artist = 12;
  shape.taste.favourites = 2;
  shape.taste.favourite_share = 0.1;
  shape.taste.popular_share = 0.2;
  shape.repeat = config.shop_repeats;
  shape.session_events = 5;
  shape.shortest_gap_ms = 5000;
  shape.longest_gap_ms = 120000;
  return shape;
}

struct Members {
  std::vector<std::uint8_t> music, shop;
};

Members draw_members(const TwoDomainConfig& config, std::uint64_t seed) {
  Members members;
  for (std::int64_t user = 0; user < config.users; ++user) {
    Rng rng = user_stream(seed, user, 0, Purpose::kMembership);
    const bool both = rng.uniform() < config.overlap, music = rng.uniform() < 0.5;
    members.music.push_back(both || music);
    members.shop.push_back(both || !music);
  }
  return members;
}

ServiceTables music_tables(std::uint64_t seed) {
  ServiceTables tables;
  tables.form.rating = [](std::int64_t, std::int32_t, Rng&) { return 1.0; };
  tables.catalogue = "tracks";
  tables.item_column = "track";
  tables.columns = {
      {"artist",
       [=](const Catalogue& c, std::int32_t i) { return invented_name(c.item(i).artist, seed); },
       {}},
      {"title", [=](const Catalogue&, std::int32_t i) { return track_title(i, seed); }, {}},
      {"genres",
       [](const Catalogue& c, std::int32_t i) { return taste_names(c.item(i), music_genre); },
       {}}};
  return tables;
}

ServiceTables shop_tables(std::uint64_t seed) {
  ServiceTables tables;
  tables.form.first_item_id = kFirstGoodsId;
  tables.form.rating = [](std::int64_t, std::int32_t, Rng& rng) {
    return rng.uniform() < kClicks ? kClick : kPurchase;
  };
  tables.catalogue = "goods";
  tables.item_column = "item_id";
  tables.columns = {
      {"brand",
       [=](const Catalogue& c, std::int32_t i) {
         return invented_name(c.item(i).artist, seed + 1);
       },
       {}},
      {"categories",
       [](const Catalogue& c, std::int32_t i) { return taste_names(c.item(i), shop_category); },
       {}}};
  return tables;
}

Status check(const TwoDomainConfig& config) {
  const std::int64_t fewest = std::min(config.items, num_goods(config));
  if (fewest >= config.tastes) return ok_status();
  return usage_error("two-domain: " + std::to_string(fewest) +
                     " items in a domain are too few for " + std::to_string(config.tastes) +
                     " tastes; take more items or fewer tastes, so that each taste has one");
}

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  TwoDomainConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "two-domain", settings));
  CROSSFADE_RETURN_IF_ERROR(check(config));
  const auto shop_events =
      static_cast<std::int64_t>(static_cast<double>(config.events) * config.shop_share);
  const Members members = draw_members(config, seed);
  std::vector<ServiceTables> services;
  services.push_back(music_tables(seed));
  services.back().service = std::make_unique<const Service>(
      music_shape(config, config.events - shop_events), Rhythm(config.days, kListening, 1.05), seed,
      members.music, context.threads);
  services.push_back(shop_tables(seed));
  services.back().service = std::make_unique<const Service>(shop_shape(config, shop_events),
                                                            Rhythm(config.days, kShopping, 0.9),
                                                            seed, members.shop, context.threads);
  for (ServiceTables& tables : services) {
    tables.form.first_user_id = kFirstUserId;
    tables.form.by_time = config.order == "time";
  }
  return std::unique_ptr<World>(new GeneratedWorld(std::move(services)));
}

}  // namespace

WorldEntry two_domain_world() {
  return {"a music service (zvuk) and a shop (smm) whose users share a taste",
          list_knobs<TwoDomainConfig>(), make};
}

}  // namespace crossfade
