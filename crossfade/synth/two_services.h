// Two services: a music service and a shop whose users share a taste. The worlds two-domain and
// hackathon show the same pair in two published schemas.
//
// Modelled on a real pair (Zvuk: 244,673,551 plays of 1,506,950 tracks by 382,790 users;
// MegaMarket: 196,644,020 events about 3,562,321 goods by 2,730,776 users; four months). README.md
// says which figure of which published log each default comes from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/knobs.h"
#include "crossfade/synth/generated_world.h"

namespace crossfade {

struct TwoServicesConfig {
  std::int64_t users = 20000, items = 10000, events = 2000000;
  double goods_ratio = 1, shop_share = 0.3, listeners = 0.5, overlap = 0.5, strength = 0.7;
  std::int64_t tastes = 40, days = 120;
  double popularity = 1, item_popularity = 0.75, floor = 3.6, goods_popularity = 1;
  double activity = 0.93, arrivals = 0.3;
  double drift = 0.3, new_items = 0.64, coherence = 0.55;
  double music_repeats = 0.32, recency = 1.5, shop_repeats = 0.15, follow = 0.3, skips = 0.19;
  std::string order = "user";
  std::string shop = "megamarket";  // no knob: the name of the shop's domain

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("users", users, between(1, 1e8), "users of the music service, the shop, or both");
    knob("items", items, between(1, 1e8), "tracks of the music service");
    knob("events", events, between(1, 2e9), "plays and shop events together");
    knob("goods_ratio", goods_ratio, between(0.01, 100), "goods of the shop per track");
    knob("shop_share", shop_share, between(0, 1), "share of the events that happen in the shop");
    knob("overlap", overlap, between(0, 1), "share of the users who use both");
    knob("listeners", listeners, between(0, 1), "share of the other users who listen, not shop");
    knob("strength", strength, between(0, 1),
         "how much of a user's taste is the same in both; 0: the domains are independent");
    knob("tastes", tastes, between(2, 10000), "clusters of taste");
    knob("days", days, between(1, 3650), "length of the logs");
    knob("popularity", popularity, between(0, 4),
         "tail of artists' popularity: sigma of its logarithm");
    knob("item_popularity", item_popularity, between(0, 4), "the same of an artist's items");
    knob("floor", floor, between(0, 100),
         "popularity that every track has beside; the median of the rest is 1");
    knob("goods_popularity", goods_popularity, between(0, 4),
         "as popularity, of the shop's brands");
    knob("activity", activity, between(0, 3), "tail of users' activity: sigma of its logarithm");
    knob("arrivals", arrivals, between(0, 1), "share of users who come after the first day");
    knob("drift", drift, between(0, 1), "how much of a taste is another one by the last day");
    knob("new_items", new_items, between(0, 1),
         "share of the items that arrive after the first day");
    knob("coherence", coherence, between(0, 1), "how much a session keeps to one mood");
    knob("music_repeats", music_repeats, between(0, 0.99), "share of plays that replay the past");
    knob("recency", recency, between(0.1, 10),
         "of n past plays the one of age n U^recency is replayed; 1: any of them");
    knob("shop_repeats", shop_repeats, between(0, 0.99), "the same in the shop");
    knob("follow", follow, between(0, 0.99),
         "chance that a click leads to the cart, and the cart to a purchase");
    knob("skips", skips, between(0, 0.85), "share of plays skipped in short sessions");
    knob("order", order, one_of({"time", "user"}), "order of the rows of a log");
  }
};

struct TwoServices {
  std::shared_ptr<const Service> music, shop;  // the domains "zvuk" and config.shop
};

// Errors: usage, if knobs contradict each other. `world` names the world in them.
Result<TwoServices> make_two_services(const TwoServicesConfig& config, const std::string& world,
                                      std::uint64_t seed, Context& context);

// Catalogues with names: tracks (track, artist, title, genres) and goods (item_id, brand,
// categories).
WorldTable tracks_table(const WorldDomain& domain, std::uint64_t seed);
WorldTable goods_table(const WorldDomain& domain, std::uint64_t seed);

}  // namespace crossfade
