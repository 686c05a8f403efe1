// The contextual network is trained by crossfade-neural, which links libtorch; here its knobs are
// known and checked.
#include <memory>

#include "crossfade/models/contextual/contextual_training_config.h"
#include "crossfade/models/train_elsewhere.h"

namespace crossfade {
namespace {

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  ContextualTraining config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "contextual", input.settings));
  return train_elsewhere("contextual", input, context);
}

}  // namespace

TrainerEntry contextual_trainer() {
  return {"what a session goes on with, by what it started with (trained by crossfade-neural)",
          list_knobs<ContextualTraining>(), &train};
}

}  // namespace crossfade
