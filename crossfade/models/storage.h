// How models come to disk and back, whichever generator made them.
#pragma once

#include <memory>
#include <string>

#include "crossfade/models/item_ids.h"
#include "crossfade/models/model.h"

namespace crossfade {

constexpr int kModelSchema = 1;

// What a model was made of: seed, settings, the fingerprint of its data, the instruction set. No
// times and no thread count: the same seed and data give the same bytes.
Json training_provenance(std::uint64_t seed, const std::vector<std::string>& settings,
                         const std::string& dataset);

// Writes the model as an artifact of kind "model" at `path`; `provenance` (seed, knobs, dataset
// fingerprint, metrics) is kept in its manifest beside the model's own metadata, and `ids`, if
// there are any, beside its columns.
Status save_model(const Model& model, const std::string& path, const Json& provenance,
                  const ItemIds& ids = {});
// Errors: not a model, damaged, written by a generator that this version does not have, or before
// models carried what they were trained over.
Result<std::unique_ptr<Model>> load_model(const std::string& path, Verify verify = Verify::kFull);

// A model with all that its folder tells besides.
struct SavedModel {
  std::unique_ptr<Model> model;
  Json provenance;
  ItemIds ids;
};
// Errors: as load_model(), and a folder without ids (ItemIds::load()).
Result<SavedModel> load_saved_model(const std::string& path);

}  // namespace crossfade
