// How well the network in training places what was held back: NDCG@10, by the house's own metric,
// over the full catalogue, items of the history masked unless repeats count.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/models/sequence/sequence_training_config.h"
#include "crossfade/neural/packed.h"
#include "crossfade/neural/sequence_step.h"

namespace crossfade {

struct ValidationInput {
  const SequenceTraining& config;
  const Parameters& weights;
  const ItemTables& tables;
  std::span<const ItemIndex> items;  // TrainingSequences::items
};

// The mean over `held_out`. Deterministic for any number of threads. Errors: interrupted.
Result<double> validate(const ValidationInput& input, std::span<const HeldOut> held_out,
                        Context& context);

}  // namespace crossfade
