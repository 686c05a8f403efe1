// What generators share whose trainer lives in another program: a look at the data before it is
// started, and the door to it (TrainInput::elsewhere).
#pragma once

#include <memory>
#include <string>

#include "crossfade/models/trainer.h"

namespace crossfade {

// Errors: (data invalid) no interaction of positive weight; stopped; failed, with a sentence, where
// the door is empty; those of the training; (data invalid) a model of other items came back.
Result<std::unique_ptr<Model>> train_elsewhere(const std::string& generator,
                                               const TrainInput& input, Context& context);

}  // namespace crossfade
