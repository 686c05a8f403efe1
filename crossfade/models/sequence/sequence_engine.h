// SequenceEngine: from a window of items to the vector that answers, without libtorch.
//
// A causal model is read place by place: what a SequenceState has read of a window is not read
// again, and one more item costs one row of every layer. The vector has the same bytes whether a
// window was read at once or grew, because every row of every kernel depends on what is before it
// and on nothing else. In the last layer only the row that answers is computed to its end.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "crossfade/data/ids.h"
#include "crossfade/models/sequence/feed_forward.h"
#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/models/sequence/sequence_layer.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

// What has been read of one window. Of one engine only.
struct SequenceState {
  std::vector<ItemIndex> items;
  std::vector<kernels::AlignedFloats> memory;  // of each layer
  kernels::AlignedFloats answer;               // the vector after the last item, padded
  std::uint64_t key = 0;  // what SequenceStates finds it by once it has read what it was taken for
};

// Room for a computation; for one thread at a time, and for any engine.
struct SequenceScratch {
  kernels::AlignedFloats rows, of_layer;
  std::vector<ItemIndex> items;
};

class SequenceEngine {
 public:
  // Weights that check_weights() has passed. Keeps the embeddings as they are, mapped or not, and
  // copies the rest into the order in which it is read.
  SequenceEngine(const SequenceConfig& config, SequenceWeights weights);

  const SequenceConfig& config() const { return config_; }
  const SequenceWeights& weights() const { return weights_; }
  std::int64_t num_items() const { return weights_.num_items; }
  std::size_t state_bytes() const;

  // Reads a window, oldest first, of 1 to config.window() items of the model; whatever of it the
  // state has read is taken from there. Linear in what is new where the model is causal.
  void read(std::span<const ItemIndex> window, SequenceState& state,
            SequenceScratch& scratch) const;
  // Asks for what is looked up of the last item of a window, which will be read soon, to be brought
  // into cache.
  void ask_for_last(std::span<const ItemIndex> window) const;
  // The vector after the window's last item: config.dimensions numbers.
  std::span<const float> answer(const SequenceState& state) const {
    return std::span<const float>(state.answer).first(dims_);
  }

 private:
  // Rows as they enter the first layer.
  void embed(const LayerRows& rows) const;

  SequenceConfig config_;
  SequenceWeights weights_;
  std::size_t dims_, width_;
  const float *items_, *places_;  // the embeddings
  std::vector<std::unique_ptr<SequenceLayer>> layers_;
  std::unique_ptr<PackedNorm> last_norm_;  // null: post-norm has none
};

}  // namespace crossfade
