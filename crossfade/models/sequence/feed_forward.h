// PackedNorm and FeedForward: what every block of SASRec and BERT4Rec ends in.
#pragma once

#include <string>

#include "crossfade/models/sequence/packed_linear.h"
#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

class PackedNorm {
 public:
  PackedNorm(const SequenceWeights& weights, const std::string& name);
  // `to` may be `from`. `scales`, where wanted: what each row's distances from its mean were
  // multiplied by.
  void apply(const Rows& from, const Rows& to, float* scales = nullptr) const;

 private:
  kernels::AlignedFloats gain_, shift_;
  std::size_t dims_;
};

// The half of a block that looks at each row alone, with its norm, before or after.
class FeedForward {
 public:
  // `block` is "block.N."; `alone`: it is only ever applied to one row.
  FeedForward(const SequenceConfig& config, const SequenceWeights& weights,
              const std::string& block, bool alone = false);

  // Floats of `room` that so many rows need.
  std::size_t room(std::size_t rows) const { return rows * (in_.width() + back_.width()); }
  void apply(const Rows& rows, float* room) const;

 private:
  bool pre_, gelu_;
  PackedLinear in_, back_;
  PackedNorm norm_;
};

}  // namespace crossfade
