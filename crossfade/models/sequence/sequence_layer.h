// SequenceLayer: one layer of a sequence model, as the engine runs it. Another kind of layer
// (recurrent, gated, with biases by time) is another file with this interface and a line where the
// engine makes its layers.
#pragma once

#include <cstddef>
#include <span>

#include "crossfade/data/ids.h"
#include "crossfade/kernels/aligned_floats.h"
#include "crossfade/models/sequence/packed_linear.h"

namespace crossfade {

// Places of a window on their way through the layers, one row each.
struct LayerRows {
  Rows rows;              // changed in place
  std::size_t first = 0;  // the place of row 0 in the window; those before it are remembered
  std::span<const ItemIndex> items = {};  // one of each row; the mask is the item behind all others
};

class SequenceLayer {
 public:
  virtual ~SequenceLayer() = default;
  // Floats of memory that a layer keeps of the places it has read.
  virtual std::size_t memory_floats() const = 0;
  // Runs the rows and remembers them; of a model's last layer only the last row is looked at.
  // `scratch` is for whatever is needed meanwhile; a layer makes it larger where it must, and
  // leaves it so.
  virtual void run(const LayerRows& rows, std::span<float> memory,
                   kernels::AlignedFloats& scratch) const = 0;
  // Asks for what it looks up of an item and of a place to be brought into cache.
  virtual void ask_for(ItemIndex, std::int32_t) const {}
};

}  // namespace crossfade
