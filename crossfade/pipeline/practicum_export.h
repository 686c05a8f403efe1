// Export of a store as the files that the practicum (a music service, Yandex) works on after
// its exploration, in exactly its columns:
//
//   items.parquet   item_id, albums, artists, genres (names, each once), name, num_users,
//                   num_users_norm, num_albums, genre_score_mean; a row per track of the catalogue
//   events.parquet  user_id, item_id, track_seq, started_at, num_users_norm, listened (= 1); rows
//                   by user, oldest first, numbered by their order
//   users_per_track.parquet, users_per_genre.parquet
//   checks.json     what was found in the data, counted
//
// num_users are distinct users; num_users_norm is num_users between the smallest (0) and the
// largest (1) of the catalogue. A genre's score is the share of all users who played it, and
// genre_score_mean the mean over a track's genres (0 without one). track_seq is the place in the
// user's history as the store has it: by time and, within a day, by the log's own track_seq
// (without one by the order of its rows). started_at is the day of a log of days.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/pipeline/practicum_catalogue.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct PracticumExport {
  CatalogueChecks catalogue;
  std::int64_t events = 0, users = 0;
  std::int64_t unknown_tracks = 0, events_of_unknown = 0;  // played, but not in the catalogue
  std::int64_t repeated_pairs = 0;  // events of a track that the user has played already
  std::vector<std::pair<std::string, std::int64_t>> top_tracks, top_genres;  // and their users
};

// Writes the folder `out`, whole or not at all, in blocks of about block_rows rows. Errors: usage
// (the folder exists, ids are text, the log has no times), environment (the disk), interrupted.
Result<PracticumExport> export_practicum(const Dataset& dataset, const Domain& domain,
                                         const PracticumCatalogue& catalogue,
                                         const std::string& out, Context& context,
                                         std::int64_t block_rows = 1 << 18);

// What was found, a member per check that is known: {"events": 3000000, ...}.
Json to_json(const PracticumExport& exported);
Document practicum_document(const PracticumExport& exported, const std::string& out);

}  // namespace crossfade
