// Trainer: what makes a Model of a Dataset. Offline only: the server links no trainer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/model.h"

namespace crossfade {

struct TrainInput {
  const Dataset& dataset;
  std::size_t domain_index = 0;       // whose items are to be recommended
  std::vector<std::string> settings;  // "factors=128": knobs of the generator
  std::uint64_t seed = 1;
};

// A generator as the command line and tuning see it.
struct TrainerEntry {
  std::string summary;          // one sentence for --help
  std::vector<KnobInfo> knobs;  // with their defaults
  Result<std::unique_ptr<Model>> (*learn)(const TrainInput& input, Context& context) = nullptr;
  bool personal = true;  // false: everybody gets the same list

  // Learns, and notes what the model was trained over.
  Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) const;
};

// Names of all generators, in the order of models/list.h.
std::vector<std::string> trainer_names();
// Usage error with the nearest name if there is no such generator.
Result<TrainerEntry> find_trainer(const std::string& name);

}  // namespace crossfade
