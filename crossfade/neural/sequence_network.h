// A sequence network: embedded items and their places, blocks on each other (block.h), the last
// norm. Formulas: models/sequence/sequence_config.h.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/neural/dropout.h"
#include "crossfade/neural/packed.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

// Everything but the items' own numbers, named as in the model's weights.
Parameters make_network(const SequenceConfig& config, std::uint64_t seed);

// The rows that are asked about (packed.scored), ready to be compared with items. `embedded` holds
// the item embeddings of packed.items; `weights` are leaves where a gradient is wanted.
at::Tensor run_network(const SequenceConfig& config, const Parameters& weights,
                       const at::Tensor& embedded, const Packed& packed, Dropout& dropout);

}  // namespace crossfade
