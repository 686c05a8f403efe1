// Training of the contextual network (models/contextual/README.md): least squares by Adam.
//
//   rate = head(start[item] + user[u]) . track[other]
//
// The head is nothing unless layers are asked for. The learning rate becomes a tenth where the
// validation stands still; the weights of the best epoch are kept, and judged once by the test
// pairs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/contextual/contextual_training_config.h"
#include "crossfade/neural/contextual_pairs.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

struct ContextualTrainingInput {
  const Domain& domain;
  std::int64_t num_users = 0;
  ContextualTraining config;
  std::uint64_t seed = 1;
  std::string checkpoint;   // folder for checkpoints; empty: none are kept
  std::string fingerprint;  // of the data
};

struct TrainedContextual {
  // start, track and, with the knob users, user. With a head, start is what the head makes of it,
  // and user holds zeros: behind the head the two are no sum any more.
  Parameters weights;
  Json summary;  // mean squared errors: train and validation by epoch (and the seconds that each
                 // took to learn), test, and of the mean
};

// Same data, settings and seed: same bytes, for any number of threads, stopped in between or not.
// Errors: make_pairs(); CheckpointFolder; (exhausted) more memory than there is; (failed) an error
// that is not finite; interrupted.
Result<TrainedContextual> train_contextual(const ContextualTrainingInput& input, const Clock& clock,
                                           Context& context);

// The parameters before training, and the gradient of the mean squared error over `pairs`, added to
// `gradient`; returns the sum of squared errors. `key` decides the head's dropout; 0: none.
Parameters make_contextual(const ContextualTraining& config, std::int64_t num_items,
                           std::int64_t num_users, std::uint64_t seed);
double learn_pairs(const ContextualTraining& config, const Parameters& weights,
                   std::span<const ContextualPair> pairs, std::uint64_t key, Parameters& gradient);

}  // namespace crossfade
