// Training of SASRec and BERT4Rec: epochs of steps, validation after each, the best kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/sequence/sequence_training_config.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

struct SequenceTrainingInput {
  const Domain& domain;
  SequenceTraining config;
  std::string generator;  // "sasrec" or "bert4rec", for what is said
  std::uint64_t seed = 1;
  std::string checkpoint;   // folder for checkpoints; empty: none are kept
  std::string fingerprint;  // of the data: a checkpoint of other data is refused
  std::int64_t refit = 0;   // > 0: a training on everything, for so many epochs (train_sequence())
};

struct EpochOutcome {
  double loss = 0;        // mean over the rows that were asked about
  double validation = 0;  // NDCG@10 after the epoch; 0 without validation
  double seconds = 0;     // of learning, without validation
};

struct TrainedSequence {
  // Of the best epoch, or of the refit's last; named as in models/sequence: items composed.
  Parameters weights;
  std::vector<EpochOutcome> epochs;
  std::int64_t best_epoch = 0;  // from 1
  std::int64_t windows = 0;
  bool judged = false;                           // whether there was a validation
  std::shared_ptr<const TrainedSequence> refit;  // null: there was none
  // For the model's manifest: by epoch, with the seconds that each took to learn (so the manifest,
  // unlike the weights, is not the same again).
  Json summary() const;
};

// With the knob refit, once the best epoch is known, training begins again from the start, with
// what had been held back, for that many epochs; its checkpoints lie in a folder `refit` of the
// other's.
//
// On the processor: same data, settings and seed, same bytes, for any number of threads, stopped in
// between or not.
// Errors: those of make_sequences(), ItemEmbedding and CheckpointFolder; (usage) heads that do not
// divide the dimensions; (exhausted) more memory than there is; (failed) a loss that is not finite;
// interrupted.
Result<TrainedSequence> train_sequence(const SequenceTrainingInput& input, const Clock& clock,
                                       Context& context);

}  // namespace crossfade
