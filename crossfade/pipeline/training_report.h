// What models tell of their training: metric over epochs and over time, several in one picture.
//
// A model that was trained by epochs has in its manifest, under `training`, what each came to
// (docs/formats.md): lists of numbers by epoch ("loss", "validation ndcg@10"), the epoch that was
// kept, the seconds that each took to learn. Here any such list is a curve, whatever its name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct ToldTraining {
  std::string name;       // to tell it from others
  std::string generator;  // "sasrec"
  Json told;              // `training` of the manifest; null if the model tells nothing

  // Whether there is a curve.
  bool has_epochs() const;
};

// Of the model in `folder`. Errors: it is none, or damaged.
Result<ToldTraining> read_training(const std::string& folder, const std::string& name);
// The same where a folder may be anything: nothing if it is no model that was trained by epochs.
std::optional<ToldTraining> find_training(const std::string& folder, const std::string& name);

// What tells the folders apart: their paths without the folders at the beginning and at the end
// that all share; "" for a folder alone.
std::vector<std::string> names_of_folders(const std::vector<std::string>& folders);

// Which is best, a table with a row per training, and per metric a plot over epochs and, where the
// seconds are known, one over time. Those without epochs are left out.
Document training_document(const std::vector<ToldTraining>& trainings);

// "The weights of epoch 12 of 22 were kept (validation ndcg@10 0.1801)."; "" without epochs.
std::string training_sentence(const Json& told);

}  // namespace crossfade
