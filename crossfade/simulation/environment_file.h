// The original simulator's env.yml: where the files of a world are and who recommends.
//
// Of YAML only what that file uses is read: sections of `key: value` by indentation, comments,
// quotes; a list, a text of several lines or a brace gets a sentence. Read are
//
//   track_catalog_config:     tracks_path, tracks_embeddings_path
//                             (until 2025: track_meta_path, track_embeddings_path)
//   user_catalog_config:      user_catalog_path, default_consume_bias, default_consume_sharpness,
//                             default_session_budget, default_artist_discount_gamma,
//                             default_interest_neighbours
//   remote_recommender_config: host, port
//
// and all else is passed over, as it says how the original makes its data.
#pragma once

#include <string>

#include "crossfade/base/status.h"
#include "crossfade/simulation/hidden_world.h"

namespace crossfade {

struct Environment {
  WorldPaths paths;  // "" where the file does not say; relative ones as they stand in it
  Temper defaults;
  std::string url;  // "http://host:port", or ""
};

// Errors: missing, or (data invalid, with the line) not of this form.
Result<Environment> read_environment(const std::string& path);

}  // namespace crossfade
