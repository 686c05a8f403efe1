// The world movies: stars that people give to films, each film once; the shape of MovieLens-1M.
//
// One million ratings by 6,040 users of 3,706 films; most of a user's ratings come in a few long
// sittings, several in the same second. Tables: ratings (user_id, item_id, rating, timestamp in s),
// items (title, genres, year) and users (gender, age group, occupation 0 to 20, zip_code); then the
// same as a contest published it, in CSV: events, whose
// timestamp is the place of a rating in the order of time, item_features (genre_0 to genre_17),
// user_features (gender, age). In events a user's last ratings are hidden; they are the truth.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "crossfade/synth/columns.h"
#include "crossfade/synth/generated_world.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

// Stars: a film's quality, a user's mildness and chance around the published mean of 3.58 and
// standard deviation of 1.12.
constexpr double kMeanStars = 3.6, kQuality = 0.55, kMildness = 0.45, kChance = 0.9;

constexpr FirstIds kIds{1, 1};
constexpr int kGenres = 18, kOccupations = 21;
constexpr std::array<std::int32_t, 7> kAges{1, 18, 25, 35, 45, 50, 56};  // as MovieLens codes them
constexpr std::array<double, 7> kAgeShares{0.04, 0.22, 0.57, 0.77, 0.86, 0.94, 1};  // up to each

struct MoviesConfig {
  std::int64_t users = 6040, items = 3706, events = 1000209, tastes = 18, days = 120;
  double popularity = 0.6, activity = 1.0, arrivals = 0.9, drift = 0.2, new_items = 0.1;
  double coherence = 0.3, hidden = 0.106;
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
    knob("drift", drift, between(0, 1), "how much of a taste is another one by the last day");
    knob("new_items", new_items, between(0, 0.5), "share of the films that arrive later");
    knob("coherence", coherence, between(0, 1), "how much a sitting keeps to one mood");
    knob("hidden", hidden, between(0, 0.9), "share of a user's last ratings left out of events");
    knob("order", order, one_of({"time", "user"}), "order of the rows of ratings");
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
  shape.catalogue.new_items = config.new_items;
  shape.taste = {1, config.drift, 0.1, 0.25, 4};
  shape.activity_sigma = config.activity;
  shape.arrivals = config.arrivals;
  shape.session_events = 50;
  shape.session_sigma = 1;
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

double stars(std::uint64_t seed, std::int32_t user, std::int32_t item) {
  const std::int64_t pair = std::int64_t{user} << 31 | item;
  const double sum = kMeanStars + kQuality * trait(mix64(seed + 1), item) +
                     kMildness * trait(mix64(seed + 2), user) +
                     kChance * trait(mix64(seed + 4), pair);
  return std::clamp(std::round(sum), 1.0, 5.0);
}

// Old films are fewer: years fall off exponentially from 2000, by a third in ten years.
std::int32_t year_of(std::uint64_t seed, std::int64_t item) {
  const double u = Rng(mix64(seed + 3), static_cast<std::uint64_t>(item)).uniform();
  return std::max(1920, 2000 - static_cast<std::int32_t>(-25 * std::log(1 - u)));
}

// user_id, item_id, rating, and the time that `time` gives each row.
template <class Time>
Table rating_rows(const EventBlock& block, std::uint64_t seed, ThreadPool& threads, Time&& time) {
  const std::size_t rows = block.size();
  Table table;
  table.columns = {
      make_column("user_id", rows, threads,
                  [&](std::size_t row) { return kIds.user + block.users[row]; }),
      make_column("item_id", rows, threads,
                  [&](std::size_t row) { return kIds.item + block.items[row]; }),
      make_column("rating", rows, threads,
                  [&](std::size_t row) { return stars(seed, block.users[row], block.items[row]); }),
      make_column("timestamp", rows, threads, time)};
  return table;
}

WorldTable ratings_table(const WorldDomain& domain, bool by_time, std::uint64_t seed) {
  EventOrder order;
  order.by_time = by_time;
  return log_table({domain.log, TableRole::kLog, "user_id, item_id, rating, timestamp (s)"}, domain,
                   order, [seed](const EventBlock& block, ThreadPool& threads) {
                     return rating_rows(block, seed, threads,
                                        [&](std::size_t row) { return block.time_ms[row] / 1000; });
                   });
}

// Whether a user's event at `place` is among the last `hidden` of them.
bool is_hidden(const Service& service, std::int32_t user, std::int32_t place, double hidden) {
  const auto size = static_cast<double>(service.num_events(user));
  const double rounding = service.stream(user, Purpose::kRatings).uniform();
  return place >= size - std::floor(size * hidden + rounding);
}

// The rows of the contest, hidden ones or the others, numbered together in the order of time.
WorldTable contest_table(const TableInfo& info, const WorldDomain& domain, double hidden,
                         std::uint64_t seed) {
  const bool wanted = info.role == TableRole::kTruth;
  const auto stream = [=](const TableSink& sink, Context& context) {
    std::int64_t reached = 0;
    EventOrder order;
    order.by_time = true;
    return stream_events(*domain.service, order, context, [&](EventBlock& block) {
      EventBlock kept;
      std::vector<std::int64_t> numbers;
      for (std::size_t row = 0; row < block.size(); ++row) {
        ++reached;
        if (is_hidden(*domain.service, block.users[row], block.places[row], hidden) != wanted)
          continue;
        kept.users.push_back(block.users[row]);
        kept.items.push_back(block.items[row]);
        numbers.push_back(reached);
      }
      return sink(
          rating_rows(kept, seed, context.threads, [&](std::size_t row) { return numbers[row]; }));
    });
  };
  return {info, stream};
}

WorldTable items_table(const WorldDomain& domain, std::uint64_t seed) {
  return numbered_table(
      {"items", TableRole::kCatalogue, "item_id, title, genres, year"},
      domain.service->catalogue().num_items(), 1 << 17,
      [domain, seed](std::int64_t begin, std::int64_t end, ThreadPool& threads) {
        const auto rows = static_cast<std::size_t>(end - begin);
        const auto film = [begin](std::size_t row) {
          return begin + static_cast<std::int64_t>(row);
        };
        Table table;
        table.columns = {make_column("item_id", rows, threads,
                                     [&](std::size_t row) { return kIds.item + film(row); }),
                         make_column("title", rows, threads,
                                     [&](std::size_t row) {
                                       return track_title(film(row), seed) + " (" +
                                              std::to_string(year_of(seed, film(row))) + ")";
                                     }),
                         make_column("genres", rows, threads,
                                     [&](std::size_t row) {
                                       const auto item = static_cast<std::int32_t>(film(row));
                                       return taste_names(domain.service->catalogue().item(item),
                                                          film_genre);
                                     }),
                         make_column("year", rows, threads,
                                     [&](std::size_t row) { return year_of(seed, film(row)); })};
        return table;
      });
}

WorldTable item_features_table(const WorldDomain& domain) {
  return numbered_table(
      {"item_features", TableRole::kCatalogue, "item_id, genre_0 to genre_17", true},
      domain.service->catalogue().num_items(), 1 << 17,
      [domain](std::int64_t begin, std::int64_t end, ThreadPool& threads) {
        const Catalogue& catalogue = domain.service->catalogue();
        const auto rows = static_cast<std::size_t>(end - begin);
        const auto film = [begin](std::size_t row) {
          return static_cast<std::int32_t>(begin + static_cast<std::int64_t>(row));
        };
        Table table;
        table.columns.push_back(make_column(
            "item_id", rows, threads, [&](std::size_t row) { return kIds.item + film(row); }));
        for (std::int32_t genre = 0; genre < kGenres; ++genre)
          table.columns.push_back(
              make_column("genre_" + std::to_string(genre), rows, threads, [&](std::size_t row) {
                const ItemTruth& item = catalogue.item(film(row));
                const bool second = item.second_taste >= 0 && item.second_taste % kGenres == genre;
                return static_cast<std::int32_t>(item.taste % kGenres == genre || second);
              }));
        return table;
      });
}

// What is said of users leans on their main taste, so that it says something. Each trait is drawn
// twice: a user's own number, and one that all users of a taste have.
class People {
 public:
  People(const WorldDomain& domain, std::uint64_t seed) : domain_(domain), seed_(seed) {}

  std::string gender(std::int64_t user) const {
    const auto [own, common] = draw(user, 10);
    return own < 0.5 + 0.43 * common ? "M" : "F";
  }
  std::int32_t age(std::int64_t user) const {
    const auto [own, common] = draw(user, 20);
    const double x = 0.7 * own + 0.3 * common;
    std::size_t group = 0;
    while (x > kAgeShares[group]) ++group;
    return kAges[group];
  }
  std::int64_t occupation(std::int64_t user) const {
    const auto [own, common] = draw(user, 30);
    return static_cast<std::int64_t>(kOccupations * (own < 0.5 ? common : 2 * own - 1));
  }
  // Nothing but its form is a zip code's.
  std::string zip_code(std::int64_t user) const {
    const auto number = static_cast<std::int64_t>(100'000 * draw(user, 40).first);
    const std::string digits = std::to_string(number);
    return std::string(5 - digits.size(), '0') + digits;
  }

 private:
  std::pair<double, double> draw(std::int64_t user, std::uint64_t what) const {
    const auto taste = static_cast<std::uint64_t>(
        domain_.service->taste(static_cast<std::int32_t>(user)).parts()[0].list);
    return {Rng(mix64(seed_ + what), static_cast<std::uint64_t>(user)).uniform(),
            Rng(mix64(seed_ + what + 1), taste).uniform()};
  }

  const WorldDomain domain_;
  const std::uint64_t seed_;
};

// user_id, gender, age (as 32 bits, or 64), and with `more` what MovieLens-1M has besides.
WorldTable people_table(const TableInfo& info, const WorldDomain& domain, std::uint64_t seed,
                        bool more) {
  return numbered_table(
      info, domain.service->num_users(), 1 << 17,
      [people = People(domain, seed), more](std::int64_t begin, std::int64_t end,
                                            ThreadPool& threads) {
        const auto rows = static_cast<std::size_t>(end - begin);
        const auto column = [&](const char* name, const auto& value) {
          return make_column(name, rows, threads, [&](std::size_t row) {
            return value(begin + static_cast<std::int64_t>(row));
          });
        };
        Table table;
        table.columns = {column("user_id", [](std::int64_t user) { return kIds.user + user; }),
                         column("gender", [&](std::int64_t user) { return people.gender(user); })};
        if (!more) {
          table.columns.push_back(
              column("age", [&](std::int64_t user) { return people.age(user); }));
          return table;
        }
        table.columns.push_back(
            column("age", [&](std::int64_t user) { return std::int64_t{people.age(user)}; }));
        table.columns.push_back(
            column("occupation", [&](std::int64_t user) { return people.occupation(user); }));
        table.columns.push_back(
            column("zip_code", [&](std::int64_t user) { return people.zip_code(user); }));
        return table;
      });
}

constexpr std::array<double, 24> kEvenings{3, 2, 2,   1.5, 1.5, 1.5, 1.5, 2, 2.5, 3, 3.5, 4,
                                           4, 4, 4.5, 5,   6,   6,   6,   6, 6,   6, 5,   4};

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  MoviesConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "movies", settings));
  if (config.items < config.tastes) return too_few_items("movies", config.items, config.tastes);
  const std::vector<std::uint8_t> everybody(static_cast<std::size_t>(config.users), 1);
  const WorldDomain domain{
      "ratings",
      std::make_shared<const Service>(shape_of(config), Rhythm(config.days, kEvenings, 1.1), seed,
                                      everybody, context.threads),
      kIds};
  const std::string rows = "user_id, item_id, rating, timestamp (place in time)";
  std::vector<WorldTable> tables{
      ratings_table(domain, config.order == "time", seed),
      items_table(domain, seed),
      contest_table({"events", TableRole::kLog, rows, true}, domain, config.hidden, seed),
      item_features_table(domain),
      people_table({"user_features", TableRole::kCatalogue, "user_id, gender, age", true}, domain,
                   seed, false),
      people_table({"users", TableRole::kCatalogue, "user_id, gender, age, occupation, zip_code"},
                   domain, seed, true),
      contest_table({"hidden", TableRole::kTruth, rows}, domain, config.hidden, seed)};
  for (WorldTable& table : truth_tables(domain)) tables.push_back(std::move(table));
  return std::unique_ptr<World>(new GeneratedWorld({domain}, std::move(tables)));
}

}  // namespace

WorldEntry movies_world() {
  return {"people who give films one to five stars, each film once",
          list_knobs<MoviesConfig>(),
          {},
          make};
}

}  // namespace crossfade
