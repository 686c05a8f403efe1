// The world movies: stars that people give to films, each film once; the shape of MovieLens-1M.
//
// One million ratings by 6,040 users of 3,700 films; most of a user's ratings come in a few long
// sittings, several in the same second. Columns user_id, item_id, timestamp (s), rating (1 to 5).
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "crossfade/synth/generated_world.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

// Stars: a film's quality, a user's mildness and chance around the published mean of 3.58 and
// standard deviation of 1.12.
constexpr double kMeanStars = 3.6, kQuality = 0.55, kMildness = 0.45, kChance = 0.9;

struct MoviesConfig {
  std::int64_t users = 6000, items = 3700, events = 1000000, tastes = 18, days = 120;
  double popularity = 0.6, activity = 1.0, arrivals = 0.9, coherence = 0.3;
  std::string order = "user";

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("users", users, between(1, 1e8), "people who rate");
    knob("items", items, between(1, 1e8), "films");
    knob("events", events, between(1, 2e9), "ratings; nobody rates more than half of the films");
    knob("tastes", tastes, between(2, 10000), "clusters of taste, shown as genres");
    knob("days", days, between(1, 3650), "length of the log");
    knob("popularity", popularity, between(0, 4),
         "tail of film makers' popularity: sigma of its logarithm");
    knob("activity", activity, between(0, 3), "tail of users' activity: sigma of its logarithm");
    knob("arrivals", arrivals, between(0, 1), "share of users who come after the first day");
    knob("coherence", coherence, between(0, 1), "how much a sitting keeps to one mood");
    knob("order", order, one_of({"time", "user"}), "order of the rows of the log");
  }
};

ServiceShape shape_of(const MoviesConfig& config) {
  ServiceShape shape;
  shape.log = "ratings";
  shape.events = config.events;
  shape.catalogue.items = config.items;
  shape.catalogue.tastes = config.tastes;
  shape.catalogue.items_per_artist = 3;
  shape.catalogue.artist_sigma = config.popularity;
  shape.taste = {1, 0.1, 0.25, 4};
  shape.activity_sigma = config.activity;
  shape.arrivals = config.arrivals;
  shape.session_events = 50;
  shape.coherence = config.coherence;
  shape.once = true;
  shape.shortest_gap_ms = 0;
  shape.longest_gap_ms = 24000;
  shape.tick_ms = 1000;
  return shape;
}

// A number of a user or a film that does not depend on what was asked before.
double trait(std::uint64_t seed, std::int64_t number) {
  return Rng(seed, static_cast<std::uint64_t>(number)).normal();
}

ServiceTables tables_of(std::uint64_t seed) {
  ServiceTables tables;
  tables.form.first_user_id = 1;
  tables.form.first_item_id = 1;
  tables.form.time_unit_ns = 1000000000;
  tables.form.rating = [=](std::int64_t user, std::int32_t item, Rng& rng) {
    const double stars = kMeanStars + kQuality * trait(mix64(seed + 1), item) +
                         kMildness * trait(mix64(seed + 2), user) + kChance * rng.normal();
    return std::clamp(std::round(stars), 1.0, 5.0);
  };
  const auto year = [=](std::int32_t item) {
    // Old films are fewer: years fall off exponentially from 2000, by a third in ten years.
    const double u = Rng(mix64(seed + 3), static_cast<std::uint64_t>(item)).uniform();
    return std::max(1920, 2000 - static_cast<std::int32_t>(-25 * std::log(1 - u)));
  };
  tables.catalogue = "items";
  tables.item_column = "item_id";
  tables.columns = {
      {"title",
       [=](const Catalogue&, std::int32_t i) {
         return track_title(i, seed) + " (" + std::to_string(year(i)) + ")";
       },
       {}},
      {"genres",
       [](const Catalogue& c, std::int32_t i) { return taste_names(c.item(i), film_genre); },
       {}},
      {"year", {}, [=](const Catalogue&, std::int32_t i) { return year(i); }}};
  return tables;
}

constexpr std::array<double, 24> kEvenings{3, 2, 2,   1.5, 1.5, 1.5, 1.5, 2, 2.5, 3, 3.5, 4,
                                           4, 4, 4.5, 5,   6,   6,   6,   6, 6,   6, 5,   4};

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  MoviesConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "movies", settings));
  if (config.items < config.tastes)
    return usage_error("movies: " + std::to_string(config.items) + " items are too few for " +
                       std::to_string(config.tastes) +
                       " tastes; take more items or fewer tastes, so that each taste has one");
  const std::vector<std::uint8_t> everybody(static_cast<std::size_t>(config.users), 1);
  std::vector<ServiceTables> services;
  services.push_back(tables_of(seed));
  services.back().form.by_time = config.order == "time";
  services.back().service = std::make_unique<const Service>(
      shape_of(config), Rhythm(config.days, kEvenings, 1.1), seed, everybody, context.threads);
  return std::unique_ptr<World>(new GeneratedWorld(std::move(services)));
}

}  // namespace

WorldEntry movies_world() {
  return {"people who give films one to five stars, each film once", list_knobs<MoviesConfig>(),
          make};
}

}  // namespace crossfade
