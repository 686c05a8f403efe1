// The world practicum: a music service (Yandex Practicum), its catalogue as it was published.
//
// interactions: user_id, track_id, track_seq (place in the user's history, from 1), started_at (a
// day of 2022); every track once per user. tracks: track_id and lists of the ids of its albums,
// artists and genres. catalog_names: id, type (track, album, artist, genre), name. Its known
// faults are planted: ids repeat across types, some tracks have no artists or no genres, and 30 of
// 173 genres have no name.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "crossfade/synth/columns.h"
#include "crossfade/synth/generated_world.h"
#include "crossfade/synth/names.h"

namespace crossfade {
namespace {

constexpr FirstIds kIds{0, 1};
constexpr std::int64_t kFirstOf2022Ms = 1640995200000, kDayMs = 24 * kHourMs;
constexpr std::int64_t kFirstAlbumId = 1, kFirstArtistId = 1, kFirstGenreId = 0;
constexpr std::int64_t kAlbumTracks = 8;  // of an album: tracks of an artist that follow on
constexpr double kCompilations = 0.3,
                 kGuests = 0.2;  // of tracks: on a second album, by a second artist
constexpr double kThirdGenres = 0.14, kNoGenres = 0.004, kNoArtists = 0.015;
constexpr double kUnnamed = 30.0 / 173;  // of genres: the rarest

constexpr std::array<double, 24> kFlat{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

struct PracticumConfig {
  std::int64_t users = 20000, items = 20000, events = 3000000, tastes = 173, days = 365;
  double popularity = 1.1, item_popularity = 0.9, activity = 1.04, arrivals = 0.8;
  double drift = 0.3, new_items = 0.2, coherence = 0.5;
  std::string order = "user";

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("users", users, between(1, 1e8), "listeners");
    knob("items", items, between(1, 1e8), "tracks");
    knob("events", events, between(1, 2e9), "plays; nobody plays more than half of the tracks");
    knob("tastes", tastes, between(2, 10000), "clusters of taste, shown as genres");
    knob("days", days, between(1, 3650), "length of the log");
    knob("popularity", popularity, between(0, 4),
         "tail of artists' popularity: sigma of its logarithm");
    knob("item_popularity", item_popularity, between(0, 4), "the same of an artist's tracks");
    knob("activity", activity, between(0, 3), "tail of users' activity: sigma of its logarithm");
    knob("arrivals", arrivals, between(0, 1), "share of users who come after the first day");
    knob("drift", drift, between(0, 1), "how much of a taste is another one by the last day");
    knob("new_items", new_items, between(0, 0.5), "share of the tracks that arrive later");
    knob("coherence", coherence, between(0, 1), "how much a session keeps to one mood");
    knob("order", order, one_of({"time", "user"}), "order of the rows of interactions");
  }
};

ServiceShape shape_of(const PracticumConfig& config) {
  ServiceShape shape;
  shape.log = "music";
  shape.events = config.events;
  shape.catalogue.items = config.items;
  shape.catalogue.tastes = config.tastes;
  shape.catalogue.artist_sigma = config.popularity;
  shape.catalogue.item_sigma = config.item_popularity;
  shape.catalogue.new_items = config.new_items;
  shape.taste.strength = 1;
  shape.taste.drift = config.drift;
  shape.activity_sigma = config.activity;
  shape.arrivals = config.arrivals;
  shape.coherence = config.coherence;
  shape.once = true;
  return shape;
}

// What stands about tracks in the catalogue.
class Discography {
 public:
  Discography(const WorldDomain& domain, std::uint64_t seed) : domain_(domain), seed_(seed) {
    for (std::int32_t i = 0; i < num_tracks(); ++i)
      if (i == 0 || catalogue().item(i).artist != catalogue().item(i - 1).artist)
        first_tracks_.push_back(i);
  }

  const Catalogue& catalogue() const { return domain_.service->catalogue(); }
  std::int32_t num_tracks() const { return static_cast<std::int32_t>(catalogue().num_items()); }
  std::int64_t num_compilations() const { return num_tracks() / 50 + 1; }
  std::int64_t num_genres() const { return catalogue().num_tastes(); }
  bool is_named(std::int64_t genre) const {
    return genre < num_genres() - static_cast<std::int64_t>(
                                      static_cast<double>(num_genres()) * kUnnamed + 0.5);
  }
  // An album is called after its first track; compilations are numbered behind.
  std::int64_t first_of_album(std::int32_t track) const {
    const auto artist = static_cast<std::size_t>(catalogue().item(track).artist);
    const std::int64_t place = track - first_tracks_[artist];
    return track - place % kAlbumTracks;
  }

  std::vector<std::int64_t> albums(std::int32_t track) const {
    std::vector<std::int64_t> ids{kFirstAlbumId + first_of_album(track)};
    Rng rng = stream(track, 1);
    if (rng.uniform() < kCompilations)
      ids.push_back(
          kFirstAlbumId + num_tracks() +
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(num_compilations()))));
    return ids;
  }
  std::vector<std::int64_t> artists(std::int32_t track) const {
    Rng rng = stream(track, 2);
    if (rng.uniform() < kNoArtists) return {};
    const std::int64_t artist = catalogue().item(track).artist;
    std::vector<std::int64_t> ids{kFirstArtistId + artist};
    if (rng.uniform() < kGuests) {
      const auto guest = static_cast<std::int64_t>(
          rng.below(static_cast<std::uint64_t>(catalogue().num_artists())));
      if (guest != artist) ids.push_back(kFirstArtistId + guest);
    }
    return ids;
  }
  std::vector<std::int64_t> genres(std::int32_t track) const {
    Rng rng = stream(track, 3);
    if (rng.uniform() < kNoGenres) return {};
    const ItemTruth& item = catalogue().item(track);
    std::vector<std::int64_t> ids{kFirstGenreId + item.taste};
    if (item.second_taste >= 0) ids.push_back(kFirstGenreId + item.second_taste);
    const auto third = static_cast<std::int64_t>(mix64(static_cast<std::uint64_t>(item.taste)) %
                                                 static_cast<std::uint64_t>(num_genres()));
    const bool known = std::find(ids.begin(), ids.end(), kFirstGenreId + third) != ids.end();
    if (rng.uniform() < kThirdGenres && !known) ids.push_back(kFirstGenreId + third);
    return ids;
  }

 private:
  Rng stream(std::int32_t track, std::uint64_t what) const {
    return Rng(mix64(seed_ ^ mix64(what + 0xD15C)), static_cast<std::uint64_t>(track));
  }

  const WorldDomain domain_;
  const std::uint64_t seed_;
  std::vector<std::int32_t> first_tracks_;  // by artist
};

WorldTable interactions_table(const WorldDomain& domain, bool by_time) {
  EventOrder order;
  order.by_time = by_time;
  return log_table(
      {domain.log, TableRole::kLog, "user_id, track_id, track_seq, started_at"}, domain, order,
      [](const EventBlock& block, ThreadPool& threads) {
        const std::size_t rows = block.size();
        Table table;
        table.columns = {
            make_column("user_id", rows, threads,
                        [&](std::size_t row) {
                          return static_cast<std::int32_t>(kIds.user) + block.users[row];
                        }),
            make_column("track_id", rows, threads,
                        [&](std::size_t row) {
                          return static_cast<std::int32_t>(kIds.item) + block.items[row];
                        }),
            make_column("track_seq", rows, threads,
                        [&](std::size_t row) { return block.places[row] + 1; }),
            make_time_column("started_at", rows, threads, [&](std::size_t row) {
              return block.time_ms[row] - block.time_ms[row] % kDayMs;
            })};
        return table;
      });
}

WorldTable tracks_table(const std::shared_ptr<const Discography>& discography) {
  return numbered_table({"tracks", TableRole::kCatalogue, "track_id, albums, artists, genres"},
                        discography->num_tracks(), 1 << 17,
                        [discography](std::int64_t begin, std::int64_t end, ThreadPool&) {
                          std::vector<std::int64_t> ids;
                          Lists<std::int64_t> albums, artists, genres;
                          for (auto track = static_cast<std::int32_t>(begin); track < end;
                               ++track) {
                            ids.push_back(kIds.item + track);
                            albums.push_back(discography->albums(track));
                            artists.push_back(discography->artists(track));
                            genres.push_back(discography->genres(track));
                          }
                          Table table;
                          table.columns.push_back({"track_id", std::move(ids)});
                          table.columns.push_back({"albums", std::move(albums)});
                          table.columns.push_back({"artists", std::move(artists)});
                          table.columns.push_back({"genres", std::move(genres)});
                          return table;
                        });
}

// Names are numbered through all types; a number without a name of its own gives no row.
class NameRows {
 public:
  NameRows(const Discography& discography, std::uint64_t seed)
      : discography_(discography), seed_(seed) {}

  std::int64_t size() const {
    return 2 * std::int64_t{discography_.num_tracks()} + discography_.num_compilations() +
           discography_.catalogue().num_artists() + discography_.num_genres();
  }

  void add(std::int64_t number) {
    const std::int64_t tracks = discography_.num_tracks();
    const std::int64_t albums = tracks + discography_.num_compilations();
    const std::int64_t artists = discography_.catalogue().num_artists();
    if (number < tracks) return push(kIds.item + number, "track", track_title(number, seed_));
    number -= tracks;
    if (number < albums) {
      const bool compilation = number >= tracks;
      if (!compilation && discography_.first_of_album(static_cast<std::int32_t>(number)) != number)
        return;
      return push(kFirstAlbumId + number, "album",
                  compilation ? "Best of " + track_title(number, seed_ + 2)
                              : track_title(number, seed_ + 1));
    }
    number -= albums;
    if (number < artists)
      return push(kFirstArtistId + number, "artist", invented_name(number, seed_));
    number -= artists;
    if (discography_.is_named(number)) push(kFirstGenreId + number, "genre", music_genre(number));
  }

  Table table() && {
    Table table;
    table.columns.push_back({"id", std::move(ids_)});
    table.columns.push_back({"type", std::move(types_)});
    table.columns.push_back({"name", std::move(names_)});
    return table;
  }

 private:
  void push(std::int64_t id, const char* type, std::string name) {
    ids_.push_back(id);
    types_.emplace_back(type);
    names_.push_back(std::move(name));
  }

  const Discography& discography_;
  const std::uint64_t seed_;
  std::vector<std::int64_t> ids_;
  std::vector<std::string> types_, names_;
};

WorldTable names_table(const std::shared_ptr<const Discography>& discography, std::uint64_t seed) {
  return numbered_table({"catalog_names", TableRole::kCatalogue, "id, type, name"},
                        NameRows(*discography, seed).size(), 1 << 18,
                        [=](std::int64_t begin, std::int64_t end, ThreadPool&) {
                          NameRows rows(*discography, seed);
                          for (std::int64_t number = begin; number < end; ++number)
                            rows.add(number);
                          return std::move(rows).table();
                        });
}

Result<std::unique_ptr<World>> make(const std::vector<std::string>& settings, std::uint64_t seed,
                                    Context& context) {
  PracticumConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "practicum", settings));
  if (config.items < config.tastes) return too_few_items("practicum", config.items, config.tastes);
  const std::vector<std::uint8_t> everybody(static_cast<std::size_t>(config.users), 1);
  const WorldDomain domain{"interactions",
                           std::make_shared<const Service>(
                               shape_of(config), Rhythm(config.days, kFlat, 1.05, kFirstOf2022Ms),
                               seed, everybody, context.threads),
                           kIds};
  const auto discography = std::make_shared<const Discography>(domain, seed);
  std::vector<WorldTable> tables{interactions_table(domain, config.order == "time"),
                                 tracks_table(discography), names_table(discography, seed)};
  for (WorldTable& table : truth_tables(domain)) tables.push_back(std::move(table));
  return std::unique_ptr<World>(new GeneratedWorld({domain}, std::move(tables)));
}

}  // namespace

WorldEntry practicum_world() {
  return {"a music service: what was played on which day, tracks with lists of ids, and names",
          list_knobs<PracticumConfig>(),
          {"users=1400000", "items=1000000", "events=220000000"},
          make};
}

}  // namespace crossfade
