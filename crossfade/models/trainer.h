// Trainer: what makes a Model of a Dataset. Offline only: the server links no trainer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/joint/joint_domains.h"
#include "crossfade/models/model.h"
#include "crossfade/models/neighbours/targets.h"

namespace crossfade {

// A domain to learn from beside the one whose items are recommended: its place, and what its
// weights count against the other's.
struct LearnWith {
  std::size_t domain_index = 0;
  double share = 1;
};

// "shop" or "shop:0.5" as a user writes it. Errors (usage): a domain that the dataset lacks, a
// share that is not a number from 0 on, a domain twice.
Result<std::vector<LearnWith>> find_helping(const std::vector<std::string>& texts,
                                            const Dataset& dataset);

struct TrainInput;

// The way to a trainer that lives in another program, for generators whose training needs libraries
// that this one does not link: whoever starts a training fills it in. The settings have been
// checked. Errors: those of the training; failed where the program is missing.
using TrainElsewhere = std::function<Result<std::unique_ptr<Model>>(
    const std::string& generator, const TrainInput& input, Context& context)>;

struct TrainInput {
  const Dataset& dataset;
  std::size_t domain_index = 0;       // whose items are to be recommended
  std::vector<std::string> settings;  // "factors=128": knobs of the generator
  std::uint64_t seed = 1;
  std::vector<LearnWith> with = {};  // other domains of the same users (models/joint)
  Targets targets = {};              // set where domains are joined; generators of lists heed it
  std::string store = {};  // the folder that the dataset was read from; "": it is in memory only
  TrainElsewhere elsewhere = {};  // empty: such generators are refused
  std::string checkpoint = {};  // a folder to go on from after a kill; "": none. Others ignore it
};

// What a generator makes of TrainInput::with: it learns from all domains joined (models/joint),
// takes them as they are itself, or has no use for them, which is a usage error.
enum class OtherDomains { kJoined, kApart, kNone };

// A generator as the command line and tuning see it.
struct TrainerEntry {
  std::string summary;          // one sentence for --help
  std::vector<KnobInfo> knobs;  // with their defaults
  Result<std::unique_ptr<Model>> (*learn)(const TrainInput& input, Context& context) = nullptr;
  bool personal = true;  // false: everybody gets the same list
  OtherDomains others = OtherDomains::kJoined;

  // Learns, on the domains joined where it wants them so, and notes what the model was
  // trained over.
  Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) const;
};

// Target and helping domains of the input. Errors (usage): a domain that would help itself.
Result<JointDomains> joint_domains_of(const TrainInput& input);

// Names of all generators, in the order of models/list.h.
std::vector<std::string> trainer_names();
// Usage error with the nearest name if there is no such generator.
Result<TrainerEntry> find_trainer(const std::string& name);

}  // namespace crossfade
