// FoldedAttention: the four linear layers of an attention as two, one before and one after.
//
//   q_i . k_j  = (Q x_i + a) . (K x_j + b) = (K^T Q x_i + K^T a) . x_j + what is the same for all j
//   out(sum_j p_j v_j) = sum_j p_j (O V x_j) + O c + d        with sum_j p_j = 1
//
// So a head's keys are the rows themselves, and so are its values up to one layer; what is the same
// for all j leaves a softmax as it is. Worth it where a head is as wide as the model, or where only
// one row asks: then nothing has to be computed of the rows that it looks at.
#pragma once

#include <string>
#include <vector>

#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

// Head h has columns [h, h + 1) * dimensions of `query` and of what `value` takes.
struct FoldedAttention {
  std::vector<float> query_weight, query_bias;  // [heads * dimensions, dimensions]
  std::vector<float> value_weight, value_bias;  // [dimensions, heads * dimensions]
};

// Of "block.N.attention."; the scale of the products is in the query.
FoldedAttention fold_attention(const SequenceConfig& config, const SequenceWeights& weights,
                               const std::string& name);

}  // namespace crossfade
