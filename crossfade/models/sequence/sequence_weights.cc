// The names stand once, in sequence_tensors(); reading, writing and checking walk over them.
#include "crossfade/models/sequence/sequence_weights.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/safetensors.h"

namespace crossfade {
namespace {

std::int64_t count_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  return count;
}

Status not_of_this_model(const std::string& name) {
  return data_invalid("the tensor " + name + " is none of a model with these knobs");
}

}  // namespace

std::vector<TensorShape> sequence_tensors(const SequenceConfig& config, std::int64_t num_items,
                                          bool output_bias) {
  const std::int64_t width = config.dimensions, hidden = config.hidden_width();
  std::vector<TensorShape> tensors;
  const auto linear = [&](const std::string& name, std::int64_t out, std::int64_t in) {
    tensors.push_back({name + ".weight", {out, in}});
    tensors.push_back({name + ".bias", {out}});
  };
  const auto norm = [&](const std::string& name) {
    tensors.push_back({name + ".weight", {width}});
    tensors.push_back({name + ".bias", {width}});
  };
  tensors.push_back({"item_embedding", {num_items + (config.causal ? 0 : 1), width}});
  tensors.push_back({"position_embedding", {config.length, width}});
  for (std::int64_t n = 0; n < config.blocks; ++n) {
    const std::string block = "block." + std::to_string(n) + ".";
    for (const char* part : {"query", "key", "value", "out"})
      linear(block + "attention." + part, width, width);
    norm(block + "attention_norm");
    linear(block + "feed_forward.in", hidden, width);
    linear(block + "feed_forward.out", width, hidden);
    norm(block + "feed_forward_norm");
  }
  if (config.norm == "pre") norm("norm");
  if (output_bias) tensors.push_back({"output_bias", {num_items}});
  return tensors;
}

Status check_weights(const SequenceConfig& config, const SequenceWeights& weights) {
  if (weights.num_items < 1) return data_invalid("a sequence model needs at least one item");
  const auto expected = sequence_tensors(config, weights.num_items, weights.has_bias());
  for (const TensorShape& tensor : expected) {
    const auto found = weights.tensors.find(tensor.name);
    if (found == weights.tensors.end()) return data_invalid("there is no tensor " + tensor.name);
    if (static_cast<std::int64_t>(found->second.size()) != count_of(tensor.shape))
      return data_invalid("the tensor " + tensor.name + " is not of the size that the knobs say");
    for (const float value : found->second)
      if (!std::isfinite(value))
        return data_invalid("the tensor " + tensor.name + " holds a value that is not finite");
  }
  if (weights.tensors.size() == expected.size()) return ok_status();
  for (const auto& [name, values] : weights.tensors)
    if (std::none_of(expected.begin(), expected.end(),
                     [&, tensor = name](const TensorShape& other) { return other.name == tensor; }))
      return not_of_this_model(name);
  return ok_status();
}

Result<SequenceWeights> read_weights(const std::string& path, const SequenceConfig& config,
                                     std::int64_t num_items) {
  CROSSFADE_ASSIGN_OR_RETURN(const Safetensors file, Safetensors::open(path));
  SequenceWeights weights;
  weights.num_items = num_items;
  for (const TensorShape& tensor : sequence_tensors(config, num_items, file.has("output_bias"))) {
    CROSSFADE_ASSIGN_OR_RETURN(weights.tensors[tensor.name],
                               file.floats(tensor.name, tensor.shape));
  }
  for (const std::string& name : file.names())
    if (!weights.tensors.contains(name)) return not_of_this_model(name).at(path);
  return weights;
}

Status write_weights(const std::string& path, const SequenceConfig& config,
                     const SequenceWeights& weights) {
  std::vector<NamedTensor> tensors;
  for (const TensorShape& tensor : sequence_tensors(config, weights.num_items, weights.has_bias()))
    tensors.push_back({tensor.name, tensor.shape, weights[tensor.name]});
  return write_safetensors(path, std::move(tensors));
}

}  // namespace crossfade
