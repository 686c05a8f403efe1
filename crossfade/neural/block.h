// Block: one of the layers that a sequence network is stacked of, in training.
//
// Rows in, rows out; in between, a row may look at other rows of its sequence. Another architecture
// (recurrent, gated, with biases by time) is another implementation in a file of its own, a line in
// make_block(), and its layer in models/sequence (sequence_layer.h), which serves it.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>

#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/neural/dropout.h"
#include "crossfade/neural/packed.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

// What a block may look at besides its rows.
struct BlockView {
  const Packed& packed;  // whose rows they are, where sequences end
  Dropout& dropout;
  // After the last block only packed.scored's rows are of use: as soon as no row looks at another
  // any more, it goes on with these alone, and returns only them.
  bool last = false;

  at::Tensor kept(const at::Tensor& rows) const;
};

class Block {
 public:
  virtual ~Block() = default;
  // Its tensors, each named "block.<number>. ...".
  virtual void add_parameters(Parameters& weights, std::uint64_t seed) const = 0;
  // rows x dimensions; differentiable by rows and weights.
  virtual at::Tensor run(const Parameters& weights, const at::Tensor& rows,
                         const BlockView& view) const = 0;
};

// Block `number` of the network that `config` asks for.
std::unique_ptr<Block> make_block(const SequenceConfig& config, std::int64_t number);

}  // namespace crossfade
