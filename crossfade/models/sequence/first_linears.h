// FirstLinears: what the linear layers of the first attention make of its rows, looked up.
//
// A row of the first layer is x = e_i + p_j, an item's embedding (scaled) and a place's. With c(x)
// = x minus its mean, which is linear, a layer W of its norm is
//
//   W (c(x) / s * gain + shift) + b = (W (c(e_i) * gain) + W (c(p_j) * gain)) / s + W shift + b
//
// with one number s for the row; and without a norm before it, W e_i + W p_j + b. So rows of two
// tables are added where dimensions^2 products would be, for the price of a table as large as the
// item embedding for each linear layer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/kernels/aligned_floats.h"
#include "crossfade/models/sequence/packed_linear.h"
#include "crossfade/models/sequence/sequence_config.h"
#include "crossfade/models/sequence/sequence_layer.h"
#include "crossfade/models/sequence/sequence_weights.h"

namespace crossfade {

class FirstLinears {
 public:
  // Of linears that read what `norm` ("block.0.attention_norm") leaves where the model is pre-norm,
  // and the rows themselves where it is not. They are looked at during construction alone.
  FirstLinears(const SequenceConfig& config, const SequenceWeights& weights,
               const std::string& norm, std::span<const PackedLinear* const> linears);

  // Whether the tables for so many numbers per item are small enough to be faster than products.
  static bool worth_it(std::int64_t num_items, std::size_t numbers);

  // Asks for an item's and a place's row to be brought into cache.
  void ask_for(ItemIndex item, std::int32_t place) const;
  // to = linear n of the rows; scales[r] is 1 / s of row r, null where there is no norm.
  void apply(std::size_t n, const LayerRows& rows, const float* scales, const Rows& to) const;

 private:
  struct Part {
    std::size_t column, width;
  };

  bool pre_;
  std::size_t stride_ = 0;
  std::vector<Part> parts_;
  kernels::AlignedFloats items_, places_;  // a row each of what all linears make of it
  kernels::AlignedFloats start_;           // W shift + b
};

}  // namespace crossfade
