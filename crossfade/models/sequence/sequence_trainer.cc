// Sequence models are trained by crossfade-neural, which links libtorch. Here their knobs are known
// and checked, and what cannot be learned from is refused before that program is started.
#include <memory>
#include <string>

#include "crossfade/models/sequence/sequence_model.h"
#include "crossfade/models/sequence/sequence_training_config.h"
#include "crossfade/models/train_elsewhere.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const std::string& generator, const TrainInput& input,
                                     Context& context) {
  SequenceTraining config{sequence_config(generator), {}};
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, generator, input.settings));
  CROSSFADE_RETURN_IF_ERROR(config.check(generator));
  return train_elsewhere(generator, input, context);
}

Result<std::unique_ptr<Model>> train_sasrec(const TrainInput& input, Context& context) {
  return train("sasrec", input, context);
}

Result<std::unique_ptr<Model>> train_bert4rec(const TrainInput& input, Context& context) {
  return train("bert4rec", input, context);
}

}  // namespace

TrainerEntry sasrec_trainer() {
  return {"what comes next, by attention to all that came before (trained by crossfade-neural)",
          list_knobs(SequenceTraining{sasrec_config(), {}}), &train_sasrec};
}

TrainerEntry bert4rec_trainer() {
  return {"what comes next, by attention trained to guess hidden items (by crossfade-neural)",
          list_knobs(SequenceTraining{bert4rec_config(), {}}), &train_bert4rec};
}

}  // namespace crossfade
