// A catalogue with a model's word for what goes with each track: the file that botify's contextual
// recommender answers from, which its authors made of a network's vectors and kept in tracks.json.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/context.h"
#include "crossfade/bundle/catalog.h"
#include "crossfade/data/vocabulary.h"
#include "crossfade/models/model.h"

namespace crossfade {

struct SimilarCatalog {
  const Catalog& catalog;   // whose tracks are written, with artist and title
  const Vocabulary& items;  // of the model, numbers
  const Model& model;
  std::int64_t k = 100;  // recommendations of a track, at most
};

// Writes one line of JSON per track, rising: artist, title, track, recommendations (best first;
// Model::similar without what the catalogue lacks; none where the model does not know the track).
// Whole or not at all. Returns how many tracks have any. Errors: items with texts for ids (usage),
// stopped, the disk.
Result<std::int64_t> write_similar_catalog(const SimilarCatalog& input, const std::string& path,
                                           Context& context);

}  // namespace crossfade
