// Scaled dot-product attention over packed sequences, forward and backward by hand.
//
//   out = dropout(softmax(q k^T / sqrt(width))) v      per sequence and head
//
// A run of equal lengths is one batch of small matrix products, nothing is padded. Rows are taken
// some at a time; where attention is causal, such rows see only the keys up to their last, so that
// close to half of the products are never made.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <span>

#include "crossfade/neural/dropout.h"
#include "crossfade/neural/packed.h"

namespace crossfade {

struct AttentionShape {
  std::int64_t heads = 1;
  bool causal = true;
};

// The same by libtorch's own kernel over sequences padded to the longest; what is not on the
// processor goes this way. Its dropout comes from libtorch's generator.
at::Tensor attend_padded(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                         std::span<const Run> runs, const AttentionShape& shape, double dropout);

// q, k, v: rows x dimensions, head h in columns [h, h + 1) * dimensions / heads.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                  std::span<const Run> runs, const AttentionShape& shape, Dropout& dropout);

}  // namespace crossfade
