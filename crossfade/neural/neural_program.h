// What the program crossfade-neural does with a job: opens the store, trains, writes the model.
#pragma once

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/models/neural_program/neural_job.h"

namespace crossfade {

// Writes job.out and then removes the checkpoint. What libtorch throws comes back as a Status.
// Errors: those of the store and the trainers; (usage) job.out exists, a model that is not trained
// here.
Status run_job(const NeuralJob& job, const Clock& clock, Context& context);

}  // namespace crossfade
