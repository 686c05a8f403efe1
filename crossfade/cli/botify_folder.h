// The folder that `synth botify` writes: tracks.json, users.json, top_tracks.json and
// embeddings.npy, as botify and its simulator read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct BotifyFolderRequest {
  std::string out;
  // Whose shapes and defaults: 2022 or 2026; "": 2022 for a world of a log, else 2026.
  std::string generation;
  std::vector<std::string> settings;
  std::int64_t seed = 1;
  // A world of a log: a store, which of its domains ("": the only one), and a .npy of float32 with
  // a row per item of its vocabulary, such as the item factors of a model.
  std::string from, vectors, domain;
  std::int64_t least_items = 20;
};

// The knobs of both generations, for --help.
std::string describe_botify_knobs();

// Writes the folder and says what is in it: file, what, rows. Errors: usage (an unknown generation
// or knob, --from without --vectors, an output that exists), data invalid (vectors of another
// shape).
Result<TableBlock> write_botify_folder(const BotifyFolderRequest& request, Context& context);

}  // namespace crossfade
