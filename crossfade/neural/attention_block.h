// The block of SASRec and BERT4Rec: attention, then a feed-forward layer for each row alone, both
// added to what came in. Formulas, pre- and post-norm: models/sequence/sequence_config.h.
#pragma once

#include <string>

#include "crossfade/neural/block.h"

namespace crossfade {

class AttentionBlock final : public Block {
 public:
  AttentionBlock(const SequenceConfig& config, std::int64_t number);
  void add_parameters(Parameters& weights, std::uint64_t seed) const override;
  at::Tensor run(const Parameters& weights, const at::Tensor& rows,
                 const BlockView& view) const override;

 private:
  at::Tensor attention(const Parameters& weights, const at::Tensor& rows,
                       const BlockView& view) const;
  at::Tensor feed_forward(const Parameters& weights, const at::Tensor& rows,
                          const BlockView& view) const;

  const SequenceConfig config_;
  const std::string attention_, attention_norm_, feed_forward_, feed_forward_norm_;  // names
};

}  // namespace crossfade
