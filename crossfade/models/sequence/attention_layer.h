// AttentionLayer: a block of SASRec and BERT4Rec, attention and feed-forward with their norms; the
// formula is in sequence_config.h. It remembers keys and values, so that one more place costs a
// pass over them and not the whole window.
#pragma once

#include <optional>
#include <string>

#include "crossfade/models/sequence/feed_forward.h"
#include "crossfade/models/sequence/first_linears.h"
#include "crossfade/models/sequence/sequence_layer.h"

namespace crossfade {

// What an attention makes of its rows before and after it looks.
struct AttentionLinears {
  PackedLinear query, value;
  std::optional<PackedLinear> key;  // none: keys are the rows themselves
  std::optional<PackedLinear> out;  // none: it is in the values
  kernels::AlignedFloats out_bias;  // where there is no `out`
};

class AttentionLayer final : public SequenceLayer {
 public:
  // Block `n` of weights that check_weights() has passed.
  AttentionLayer(const SequenceConfig& config, const SequenceWeights& weights, std::int64_t n);

  std::size_t memory_floats() const override { return 2 * heads_.width() * length_; }
  void run(const LayerRows& rows, std::span<float> memory,
           kernels::AlignedFloats& scratch) const override;
  void ask_for(ItemIndex item, std::int32_t place) const override {
    if (first_) first_->ask_for(item, place);
  }

 private:
  struct Work;  // where everything lies during a run
  Work place(const LayerRows& rows, std::span<float> memory, kernels::AlignedFloats& scratch) const;
  // The queries of the rows; their keys and values are remembered.
  void project(const LayerRows& rows, const Work& work) const;
  // The queries from row `begin` on, some at a time.
  void attend(const LayerRows& rows, const Work& work, std::size_t begin) const;

  bool causal_, pre_;
  std::size_t length_;  // places of a window, padded
  HeadPlaces heads_;
  AttentionLinears linears_;
  PackedNorm norm_;
  FeedForward feed_forward_;
  std::optional<FirstLinears> first_;  // of the first layer, where it is worth it
};

}  // namespace crossfade
