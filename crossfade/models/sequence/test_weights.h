// Weights for tests: random ones, large enough that attention and norms matter. Only tests include
// it.
#pragma once

#include <utility>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

inline SequenceWeights random_weights(const SequenceConfig& config, std::int64_t num_items,
                                      std::uint64_t seed, bool output_bias = false) {
  SequenceWeights weights;
  weights.num_items = num_items;
  std::uint64_t stream = 0;
  for (const TensorShape& tensor : sequence_tensors(config, num_items, output_bias)) {
    Rng rng(seed, stream++);
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= extent;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(rng.normal() * 0.2);
    weights.tensors[tensor.name] = std::move(values);
  }
  return weights;
}

}  // namespace crossfade
