// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) over all parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

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

// What one step multiplies by.
struct AdamStep {
  AdamStep(const AdamSettings& settings, double rate, std::int64_t number);
  float beta1, beta2, size, unbias, epsilon, shrink, decay;
};

// The same steps, to the bit, for tables of which a gradient meets few rows. A row that is not met
// still drifts: its running means fade, and decay draws at it. Here it does so when it is next met,
// all steps at once and in the cache, instead of every table passing through memory at every step.
//
// A step is meet() for each table, the gradient, step(). finish() before anybody reads other rows.
class RowAdam {
 public:
  // All must outlive this. Parameters that are never met are stepped whole.
  RowAdam(const AdamSettings& settings, Parameters& weights, Parameters& gradient, AdamState& state,
          ThreadPool& threads);
  // Rows of the table `name` that the next gradient may touch; in any order, also repeated.
  void meet(const std::string& name, std::vector<std::int64_t> rows);
  void step(double rate);
  void finish();

 private:
  struct Table {
    std::string name;
    std::vector<std::int64_t> met;   // in the next step; rising
    std::vector<std::int32_t> made;  // by row: how many steps of past_
  };
  void catch_up(Table& table, std::span<const std::int64_t> rows);

  const AdamSettings settings_;
  Parameters& weights_;
  Parameters& gradient_;
  AdamState& state_;
  ThreadPool& threads_;
  std::vector<AdamStep> past_;
  std::vector<Table> tables_;
};

}  // namespace crossfade
