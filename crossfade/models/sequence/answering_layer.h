// AnsweringLayer: the last block of SASRec and BERT4Rec, of which only the newest row is asked. It
// computes nothing of the other rows but their norm: with its attention folded, keys and values are
// these rows themselves (folded_attention.h), and they are all that it remembers.
#pragma once

#include <string>

#include "crossfade/models/sequence/feed_forward.h"
#include "crossfade/models/sequence/folded_attention.h"
#include "crossfade/models/sequence/sequence_layer.h"

namespace crossfade {

class AnsweringLayer final : public SequenceLayer {
 public:
  // `block` is "block.N." of weights that check_weights() has passed.
  AnsweringLayer(const SequenceConfig& config, const SequenceWeights& weights,
                 const std::string& block);

  std::size_t memory_floats() const override { return length_ * width_; }
  // Leaves the result in the last row; the others are as they were.
  void run(const LayerRows& rows, std::span<float> memory,
           kernels::AlignedFloats& scratch) const override;

 private:
  AnsweringLayer(const SequenceConfig& config, const SequenceWeights& weights,
                 const std::string& block, const FoldedAttention& folded);

  bool pre_;
  std::size_t length_, width_;  // places of a window and numbers of a row, padded
  HeadPlaces heads_;            // each as wide as the model
  PackedLinear query_, value_;
  PackedNorm norm_;
  FeedForward feed_forward_;
};

}  // namespace crossfade
