// Two passes over the histories: one counts users, the other writes events.
#include "crossfade/pipeline/practicum_export.h"

#include <algorithm>
#include <numeric>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/data/moments.h"
#include "crossfade/features/item_scores.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUserGrain = 4096;
constexpr std::size_t kTop = 10;  // of the exported summary

// Distinct users of every track and genre of the catalogue.
struct Counts {
  std::vector<std::int64_t> track_users, genre_users;
  std::int64_t users = 0, repeated_pairs = 0, events_of_unknown = 0;
};

// Places in the catalogue of a domain's items, -1 for unknown ones.
std::vector<std::int64_t> places_of(const Domain& domain, const PracticumCatalogue& catalogue) {
  std::vector<std::int64_t> places;
  for (const std::int64_t id : domain.items.numbers()) places.push_back(catalogue.find(id));
  return places;
}

// Counts the users begin to end - 1. A stamp says who was counted last, so nothing is cleared.
Counts count_users(const Domain& domain, const PracticumCatalogue& catalogue,
                   const std::vector<std::int64_t>& places, std::int64_t begin, std::int64_t end) {
  Counts counts;
  counts.genre_users.resize(static_cast<std::size_t>(catalogue.num_genres()));
  std::vector<std::int64_t> genre_stamp(counts.genre_users.size(), -1);
  for (std::int64_t user = begin; user < end; ++user) {
    const History history = domain.history(static_cast<UserIndex>(user));
    counts.users += !history.items.empty();
    for (const ItemIndex item : history.items) {
      const std::int64_t track = places[static_cast<std::size_t>(item)];
      counts.events_of_unknown += track < 0;
      if (track < 0) continue;
      for (const std::int64_t genre : catalogue.genres(track)) {
        auto& stamp = genre_stamp[static_cast<std::size_t>(genre)];
        counts.genre_users[static_cast<std::size_t>(genre)] += std::exchange(stamp, user) != user;
      }
    }
  }
  return counts;
}

Counts count_users(const Dataset& dataset, const Domain& domain,
                   const PracticumCatalogue& catalogue, Context& context) {
  const std::vector<std::int64_t> places = places_of(domain, catalogue);
  Counts total;
  total.genre_users.resize(static_cast<std::size_t>(catalogue.num_genres()));
  total = context.threads.map_reduce(
      dataset.num_users(), kUserGrain, std::move(total),
      [&](std::int64_t begin, std::int64_t end) {
        return count_users(domain, catalogue, places, begin, end);
      },
      [](Counts& all, const Counts& some) {
        all.users += some.users;
        all.events_of_unknown += some.events_of_unknown;
        for (std::size_t g = 0; g < some.genre_users.size(); ++g)
          all.genre_users[g] += some.genre_users[g];
      });
  // Tracks are too many for a count per block of users.
  total.track_users.resize(static_cast<std::size_t>(catalogue.num_tracks()));
  std::vector<std::int64_t> stamp(places.size(), -1);
  for (std::int64_t user = 0; user < dataset.num_users(); ++user)
    for (const ItemIndex item : domain.history(static_cast<UserIndex>(user)).items) {
      const auto at = static_cast<std::size_t>(item);
      const bool is_new = std::exchange(stamp[at], user) != user;
      total.repeated_pairs += !is_new;
      if (places[at] >= 0) total.track_users[static_cast<std::size_t>(places[at])] += is_new;
    }
  return total;
}

// Opens `path` with the first block and writes blocks as they come; `make(block)` fills one and
// says whether there will be more.
template <class Make>
Status write_blocks(const std::string& path, Context& context, Make&& make) {
  std::vector<ParquetWriter> writer;
  for (;;) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    Table block;
    const bool more = make(block);
    std::vector<ColumnView> views;
    for (const Column& column : block.columns) views.push_back(view_of(column));
    if (writer.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(
          ParquetWriter opened,
          ParquetWriter::create(path, views, std::vector<bool>(views.size(), false)));
      writer.push_back(std::move(opened));
    }
    CROSSFADE_RETURN_IF_ERROR(writer[0].write(views, context));
    context.progress.advance(static_cast<std::int64_t>(block.num_rows()));
    if (!more) return writer[0].close();
  }
}

Table item_rows(const PracticumCatalogue& catalogue, const Counts& counts,
                const std::vector<double>& norms, std::int64_t begin, std::int64_t end) {
  std::vector<std::int64_t> ids, users, num_albums;
  Lists<std::string> albums, artists, genres;
  std::vector<std::string> names;
  std::vector<double> norm, scores;
  for (std::int64_t track = begin; track < end; ++track) {
    ids.push_back(catalogue.id(track));
    albums.push_back(catalogue.albums(track));
    artists.push_back(catalogue.artists(track));
    genres.push_back(catalogue.genre_names(track));
    names.push_back(catalogue.name(track));
    users.push_back(counts.track_users[static_cast<std::size_t>(track)]);
    norm.push_back(norms[static_cast<std::size_t>(track)]);
    num_albums.push_back(catalogue.num_albums(track));
    scores.push_back(mean_label_score(catalogue.genres(track), counts.genre_users, counts.users));
  }
  Table table;
  table.columns.push_back({"item_id", std::move(ids)});
  table.columns.push_back({"albums", std::move(albums)});
  table.columns.push_back({"artists", std::move(artists)});
  table.columns.push_back({"genres", std::move(genres)});
  table.columns.push_back({"name", std::move(names)});
  table.columns.push_back({"num_users", std::move(users)});
  table.columns.push_back({"num_users_norm", std::move(norm)});
  table.columns.push_back({"num_albums", std::move(num_albums)});
  table.columns.push_back({"genre_score_mean", std::move(scores)});
  return table;
}

// What events are written of.
struct Events {
  const Dataset& dataset;
  const Domain& domain;
  bool are_days;  // times are days, with an order in nanoseconds that is not written
};

// The events of users begin to end - 1. Tracks that the catalogue does not know have norm 0.
Table event_rows(const Events& events, const std::vector<double>& norms,
                 std::pair<std::int64_t, std::int64_t> users, ThreadPool& threads) {
  const auto& [dataset, domain, are_days] = events;
  const auto offset = [&](std::int64_t user) {
    return domain.offsets[static_cast<std::size_t>(user)];
  };
  const std::int64_t base = offset(users.first);
  const auto rows = static_cast<std::size_t>(offset(users.second) - base);
  std::vector<std::int64_t> ids(rows), items(rows), times(rows);
  std::vector<std::int32_t> places(rows), listened(rows, 1);
  std::vector<double> norm(rows);
  threads.parallel_for(
      users.second - users.first, 256, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t user = users.first + begin; user < users.first + end; ++user) {
          const std::int64_t id = dataset.users().numbers()[static_cast<std::size_t>(user)];
          for (std::int64_t row = offset(user); row < offset(user + 1); ++row) {
            const auto at = static_cast<std::size_t>(row - base);
            const auto item = static_cast<std::size_t>(domain.item[static_cast<std::size_t>(row)]);
            ids[at] = id;
            items[at] = domain.items.numbers()[item];
            places[at] = static_cast<std::int32_t>(row - offset(user)) + 1;
            times[at] = domain.time_ns[static_cast<std::size_t>(row)];
            if (are_days) times[at] = midnight_of(times[at]);
            norm[at] = norms[item];
          }
        }
      });
  Table table;
  table.columns.push_back({"user_id", std::move(ids)});
  table.columns.push_back({"item_id", std::move(items)});
  table.columns.push_back({"track_seq", std::move(places)});
  table.columns.push_back({"started_at", std::move(times), Column::Meaning::kTimestamp, {}});
  table.columns.push_back({"num_users_norm", std::move(norm)});
  table.columns.push_back({"listened", std::move(listened)});
  return table;
}

// A file to be written, in blocks of about so many rows.
struct Blocks {
  std::string path;
  std::int64_t rows;
};

Status write_items(const PracticumCatalogue& catalogue, const Counts& counts,
                   const std::vector<double>& norms, const Blocks& blocks, Context& context) {
  context.progress.begin("write items", catalogue.num_tracks(), "tracks");
  std::int64_t begin = 0;
  CROSSFADE_RETURN_IF_ERROR(write_blocks(blocks.path, context, [&](Table& block) {
    const std::int64_t end = std::min(begin + blocks.rows, catalogue.num_tracks());
    block = item_rows(catalogue, counts, norms, begin, end);
    begin = end;
    return begin < catalogue.num_tracks();
  }));
  context.progress.end();
  return ok_status();
}

Status write_events(const Dataset& dataset, const Domain& domain, const std::vector<double>& norms,
                    const Blocks& blocks, Context& context) {
  context.progress.begin("write events", domain.num_interactions(), "events");
  const Events events{dataset, domain, are_days(domain.time_ns.span())};
  std::int64_t begin = 0;
  CROSSFADE_RETURN_IF_ERROR(write_blocks(blocks.path, context, [&](Table& block) {
    const std::int64_t base = domain.offsets[static_cast<std::size_t>(begin)];
    std::int64_t end = std::min(begin + 1, dataset.num_users());
    while (end < dataset.num_users() &&
           domain.offsets[static_cast<std::size_t>(end) + 1] - base <= blocks.rows)
      ++end;
    block = event_rows(events, norms, {begin, end}, context.threads);
    begin = end;
    return begin < dataset.num_users();
  }));
  context.progress.end();
  return ok_status();
}

// Things with their users, the most used first.
Table ranking(const char* what, Column::Values things, const std::vector<std::int64_t>& users) {
  Table table;
  table.columns.push_back({what, std::move(things)});
  table.columns.push_back({"num_users", users});
  return table;
}

std::vector<std::size_t> order_by_count(const std::vector<std::int64_t>& counts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  return order;
}

Status write_rankings(const PracticumCatalogue& catalogue, const Counts& counts,
                      const std::string& folder, PracticumExport& exported, Context& context) {
  std::vector<std::int64_t> tracks, track_users, genre_users;
  std::vector<std::string> genres;
  for (const std::size_t track : order_by_count(counts.track_users)) {
    const auto place = static_cast<std::int64_t>(track);
    tracks.push_back(catalogue.id(place));
    track_users.push_back(counts.track_users[track]);
    if (tracks.size() <= kTop)
      exported.top_tracks.emplace_back(catalogue.name(place), track_users.back());
  }
  for (const std::size_t genre : order_by_count(counts.genre_users)) {
    genres.push_back(catalogue.genre_name(genre));
    genre_users.push_back(counts.genre_users[genre]);
    if (genres.size() <= kTop) exported.top_genres.emplace_back(genres.back(), genre_users.back());
  }
  CROSSFADE_RETURN_IF_ERROR(write_parquet(ranking("item_id", std::move(tracks), track_users),
                                          folder + "/users_per_track.parquet", context));
  return write_parquet(ranking("genre", std::move(genres), genre_users),
                       folder + "/users_per_genre.parquet", context);
}

// A check for machines and for people.
struct Check {
  const char *key, *text;
  std::int64_t count;
};

std::vector<Check> checks_of(const PracticumExport& exported) {
  const CatalogueChecks& checks = exported.catalogue;
  return {
      {"events", "events", exported.events},
      {"users", "users", exported.users},
      {"repeated_pairs", "events of a track the user has played already", exported.repeated_pairs},
      {"unknown_tracks", "played tracks that the catalogue does not know", exported.unknown_tracks},
      {"events_of_unknown", "events of those", exported.events_of_unknown},
      {"tracks", "tracks", checks.tracks},
      {"repeated_tracks", "rows of tracks that repeat one", checks.repeated_tracks},
      {"without_albums", "tracks without albums", checks.without_albums},
      {"without_artists", "tracks without artists", checks.without_artists},
      {"without_genres", "tracks without genres", checks.without_genres},
      {"names", "names", checks.names},
      {"repeated_names", "names that repeat an id of the same type", checks.repeated_names},
      {"unknown_types", "names of unknown types", checks.unknown_types},
      {"ids_of_several_types", "ids that stand under several types", checks.ids_of_several_types},
      {"nameless_tracks", "tracks without a name", checks.nameless_tracks},
      {"nameless_albums", "albums without a name", checks.nameless_albums},
      {"nameless_artists", "artists without a name", checks.nameless_artists},
      {"genres", "genres", checks.genres},
      {"nameless_genres", "genres without a name, called other_genre_{id}",
       checks.nameless_genres}};
}

}  // namespace

Result<PracticumExport> export_practicum(const Dataset& dataset, const Domain& domain,
                                         const PracticumCatalogue& catalogue,
                                         const std::string& out, Context& context,
                                         std::int64_t block_rows) {
  if (dataset.users().is_text() || domain.items.is_text())
    return usage_error("the practicum's ids are numbers, and this store's are text");
  if (domain.time_ns.empty() && domain.num_interactions() > 0)
    return usage_error("events.parquet needs started_at, and the domain '" + domain.name +
                       "' was imported without times; import it with --time");
  CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(out));
  const Counts counts = count_users(dataset, domain, catalogue, context);
  const std::vector<double> norms = between_least_and_most(counts.track_users);
  std::vector<double> item_norms;
  PracticumExport exported;
  for (const std::int64_t track : places_of(domain, catalogue)) {
    exported.unknown_tracks += track < 0;
    item_norms.push_back(track < 0 ? 0 : norms[static_cast<std::size_t>(track)]);
  }
  exported.catalogue = catalogue.checks();
  exported.events = domain.num_interactions();
  exported.users = counts.users;
  exported.events_of_unknown = counts.events_of_unknown;
  exported.repeated_pairs = counts.repeated_pairs;
  CROSSFADE_RETURN_IF_ERROR(write_items(catalogue, counts, norms,
                                        {folder.path() + "/items.parquet", block_rows}, context));
  CROSSFADE_RETURN_IF_ERROR(write_events(dataset, domain, item_norms,
                                         {folder.path() + "/events.parquet", block_rows}, context));
  CROSSFADE_RETURN_IF_ERROR(write_rankings(catalogue, counts, folder.path(), exported, context));
  CROSSFADE_RETURN_IF_ERROR(
      write_file(folder.path() + "/checks.json", to_text(to_json(exported)) + "\n"));
  CROSSFADE_RETURN_IF_ERROR(folder.commit());
  return exported;
}

Json to_json(const PracticumExport& exported) {
  Json json = Json::object();
  for (const Check& check : checks_of(exported))
    if (check.count >= 0) json.set(check.key, check.count);
  return json;
}

Document practicum_document(const PracticumExport& exported, const std::string& out) {
  Document document("The practicum's files in " + out);
  TableBlock found({"checked", "count"}, "Data");
  for (const Check& check : checks_of(exported))
    if (check.count >= 0) found.add_row({Cell::text(check.text), Cell::count(check.count)});
  document.add_table(std::move(found));
  for (const auto& [title, list] : {std::pair("Most played tracks", &exported.top_tracks),
                                    std::pair("Most played genres", &exported.top_genres)}) {
    TableBlock top({"name", "users"}, title);
    for (const auto& [name, users] : *list) top.add_row({Cell::text(name), Cell::count(users)});
    document.add_table(std::move(top));
  }
  return document;
}

}  // namespace crossfade
