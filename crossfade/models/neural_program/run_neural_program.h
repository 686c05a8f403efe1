// Runs crossfade-neural as a child, so that libtorch never meets what this program links.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/models/neural_program/neural_job.h"

namespace crossfade {

// Where the program lies: what the environment variable CROSSFADE_NEURAL_PROGRAM says, else beside
// this program (installed), else in the neural room's folder of the same build.
std::string find_neural_program();

// Gives it the job (through the file `job_file`, which is written), shows its progress as ours,
// hands on a stop, and returns as what it ended. Errors: its own; (failed) the program is not
// there, is of another version, or broke off; (exhausted) the system killed it; interrupted.
Status run_neural_program(const std::string& program, const NeuralJob& job,
                          const std::string& job_file, Context& context);

}  // namespace crossfade
