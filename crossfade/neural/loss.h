// Loss: what the rows that are asked about are worth, and which way they should move.
//
// A loss ends the graph, so it hands back its gradient by hand: by the rows, and by the items it
// touched, added to a sum. Nothing of the size rows x items is held; scores are made for some rows
// at a time, used while they are in the cache, and forgotten.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/models/sequence/sequence_training_config.h"

namespace crossfade {

// Scores are rows . items^T + bias.
struct LossInput {
  at::Tensor rows;                           // n x dimensions
  at::Tensor items;                          // items x dimensions
  at::Tensor bias;                           // items; undefined: none
  const std::vector<std::int64_t>& targets;  // n
  double scale = 1;  // the gradient is that of scale * loss: one by the rows of the whole step
};

struct LossSums {
  at::Tensor items, bias;  // of the shape of the input's; added to
};

class Loss {
 public:
  virtual ~Loss() = default;
  // Returns the sum over rows, unscaled; `by_rows` becomes the gradient by the rows. Safe from
  // several threads at once; `rng` draws what is sampled.
  virtual double operator()(const LossInput& input, LossSums& sums, at::Tensor& by_rows,
                            Rng rng) const = 0;
  // Items that a row is compared with.
  virtual std::int64_t compared() const = 0;
  // Bytes of scores that a call holds at most.
  virtual double scratch_bytes() const = 0;
};

// `popularity`: how often each item comes in what is learned from.
std::unique_ptr<Loss> make_loss(const SequenceTrainingConfig& config,
                                std::span<const std::int64_t> popularity);

}  // namespace crossfade
