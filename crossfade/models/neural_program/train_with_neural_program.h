// The way to crossfade-neural as TrainInput::elsewhere takes it.
#pragma once

#include <memory>
#include <string>

#include "crossfade/models/trainer.h"

namespace crossfade {

// Runs the program on the input's store (a dataset that is in memory only is written to a temporary
// one first) with its settings, seed and checkpoint, and opens the model that it leaves. The folder
// of checkpoints is left to the caller, who removes it when the model has been saved. Errors:
// run_neural_program(); the disk of the temporary folder.
Result<std::unique_ptr<Model>> train_with_neural_program(const std::string& generator,
                                                         const TrainInput& input, Context& context);

}  // namespace crossfade
