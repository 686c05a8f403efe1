// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) over all parameters.
#pragma once

#include <cstdint>

#include "crossfade/base/thread_pool.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

struct AdamSettings {
  double learning_rate = 1e-3, weight_decay = 0;
  bool decoupled = false;  // AdamW: the decay is taken from the weights, not added to the gradient
  double beta1 = 0.9, beta2 = 0.98, epsilon = 1e-8;
};

struct AdamState {
  Parameters first, second;  // running means of the gradient and of its square
  std::int64_t steps = 0;
};

// One step; the gradient is zero afterwards. `rate` multiplies the learning rate (warm-up). The
// same bytes for any number of threads.
void step_adam(const AdamSettings& settings, double rate, Parameters& weights, Parameters& gradient,
               AdamState& state, ThreadPool& threads);
// The same by libtorch's operators on whole tensors, which step_adam takes where weights are on an
// accelerator.
void step_adam_by_tensors(const AdamSettings& settings, double rate, Parameters& weights,
                          Parameters& gradient, AdamState& state);

}  // namespace crossfade
