// Step 3 of the practicum (a music service, Yandex Practicum) but for the ranking: its files of
// recommendations and of users' features, in exactly its columns, and what they are worth.
//
//   top_popular.parquet    item_id, users_top, users_top_norm, num_users_norm, name, albums,
//                          artists, genres: the tracks of most users since a day, best first
//   personal_als.parquet   user_id, item_id, score, rank; whoever has a history in train
//   similar.parquet        item_id_1, item_id_2, score: the nearest tracks, for each that is played
//   user_features.parquet  user_id, listening_month, tracks_listened, tracks_per_month
//                          (features/user_activity.h)
//   metrics.json           practicum_quality.h, for users with a history (warm) and without (cold)
//
// users_top are distinct users since the day, users_top_norm the same between the least (0) and the
// most (1) of any track, num_users_norm likewise of all of train.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/table.h"
#include "crossfade/models/model.h"
#include "crossfade/pipeline/practicum_catalogue.h"
#include "crossfade/pipeline/practicum_quality.h"

namespace crossfade {

struct PracticumLists {
  const Dataset& train;
  std::size_t domain_index = 0;
  const PracticumCatalogue& catalogue;
  const Model& personal;
  const Model& similar;
  Table test;  // user_id, item_id
  std::int64_t since_ns = 0;
  std::int64_t tracks = 100;  // of top_popular, and of each user
  std::int64_t neighbours = 10;
};

struct PracticumServed {
  std::int64_t users = 0, tracks = 0, pairs = 0;  // with personal lists; with neighbours; of these
  std::string most_popular;                       // by name
  std::vector<PracticumQuality> quality;
};

// Writes the folder `out`, whole or not at all. Errors: usage (the folder exists, ids are text, no
// times), data invalid (the test's columns, nobody was heard since the day), the disk, interrupted.
Result<PracticumServed> write_practicum_lists(const PracticumLists& asked, const std::string& out,
                                              Context& context);

Json to_json(const PracticumServed& served);
Document practicum_document(const PracticumServed& served, const std::string& out);

}  // namespace crossfade
