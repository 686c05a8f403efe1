// SequenceWeights: what training leaves of a sequence model, by name, as torch lays it out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/status.h"
#include "crossfade/models/sequence/sequence_config.h"

namespace crossfade {

struct TensorShape {
  std::string name;
  std::vector<std::int64_t> shape;
};

// The tensors of a model, in the order of the network. A linear layer is [out, in] with a bias.
//
//   item_embedding [items, dimensions]; one row more, the mask, where the model is not causal
//   position_embedding [length, dimensions]                     place 0 is the oldest of the window
//   block.N.attention.{query,key,value,out}.{weight,bias}
//   block.N.attention_norm.{weight,bias}, block.N.feed_forward_norm.{weight,bias}
//   block.N.feed_forward.{in,out}.{weight,bias}
//   norm.{weight,bias}                                           pre-norm only
//   output_bias [items]                                          optional
std::vector<TensorShape> sequence_tensors(const SequenceConfig& config, std::int64_t num_items,
                                          bool output_bias);

struct SequenceWeights {
  std::int64_t num_items = 0;
  std::map<std::string, Array<float>> tensors;

  const Array<float>& operator[](const std::string& name) const { return tensors.at(name); }
  bool has_bias() const { return tensors.contains("output_bias"); }
};

// Errors (data invalid): a tensor is missing, too many, of another size or not finite.
Status check_weights(const SequenceConfig& config, const SequenceWeights& weights);

// A safetensors file of exactly those tensors; reading maps it. Errors of reading (data invalid):
// Safetensors::open() and floats(), a tensor that is none of the model's. Of writing: the disk.
Result<SequenceWeights> read_weights(const std::string& path, const SequenceConfig& config,
                                     std::int64_t num_items);
Status write_weights(const std::string& path, const SequenceConfig& config,
                     const SequenceWeights& weights);

}  // namespace crossfade
