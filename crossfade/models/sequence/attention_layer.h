// AttentionLayer: a block of SASRec and BERT4Rec, attention and feed-forward with their norms; the
// formula is in sequence_config.h. It remembers keys and values, so that one more place costs a
// pass over them and not the whole window.
#pragma once

#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/models/sequence/sequence_layer.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

struct PackedNorm {
  kernels::AlignedFloats gain, shift;
  std::size_t dims = 0;

  PackedNorm(const SequenceWeights& weights, const std::string& name);
  // `to` may be `from`.
  void apply(const Rows& from, const Rows& to) const;
};

class AttentionLayer final : public SequenceLayer {
 public:
  // Block `block` of weights that check_weights() has passed.
  AttentionLayer(const SequenceConfig& config, const SequenceWeights& weights, std::int64_t block);

  std::size_t memory_floats() const override;
  void run(const LayerRows& rows, std::span<float> memory,
           kernels::AlignedFloats& scratch) const override;

 private:
  struct Work;  // where everything lies during a run
  Work place(const LayerRows& rows, std::span<float> memory, kernels::AlignedFloats& scratch) const;
  void remember(const LayerRows& rows, const Work& work) const;
  // Adds to the wanted rows what they see.
  void attend(const LayerRows& rows, const Work& work) const;
  // The queries from row `begin` of the wanted ones on, some at a time.
  void attend_some(const LayerRows& rows, const Work& work, std::size_t begin) const;
  void feed_forward(const Rows& rows, const Work& work) const;

  bool causal_, pre_, gelu_;
  std::size_t length_;  // places of a window, padded
  HeadPlaces heads_;
  PackedLinear query_, key_, value_, out_, in_, back_;
  PackedNorm attention_norm_, feed_forward_norm_;
};

}  // namespace crossfade
