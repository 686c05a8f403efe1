// Vectors by power iteration on who met what; see hand_made.h.
#include "hand_made.h"

#include <cmath>
#include <utility>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/models/contextual/contextual_model.h"
#include "crossfade/models/sequence/sequence_model.h"

namespace crossfade {
namespace {

constexpr std::int64_t kDims = 16;

using Vectors = std::vector<std::vector<float>>;

void normalise(Vectors& vectors) {
  for (auto& row : vectors) {
    float square = 0;
    for (const float value : row) square += value * value;
    for (float& value : row) value /= std::sqrt(std::max(square, 1e-30F));
  }
}

Vectors item_vectors(const TrainInput& input) {
  const Domain& domain = input.dataset.domains()[input.domain_index];
  Vectors items(static_cast<std::size_t>(domain.items.size()), std::vector<float>(kDims));
  for (std::size_t i = 0; i < items.size(); ++i) {
    Rng rng(input.seed, i);
    for (float& value : items[i]) value = static_cast<float>(rng.normal());
  }
  for (int round = 0; round < 3; ++round) {
    Vectors next(items.size(), std::vector<float>(kDims));
    for (UserIndex user = 0; user < input.dataset.num_users(); ++user) {
      std::vector<float> sum(kDims);
      const History history = domain.history(user);
      for (const ItemIndex item : history.items)
        for (std::size_t d = 0; d < sum.size(); ++d)
          sum[d] += items[static_cast<std::size_t>(item)][d];
      for (const ItemIndex item : history.items)
        for (std::size_t d = 0; d < sum.size(); ++d)
          next[static_cast<std::size_t>(item)][d] += sum[d];
    }
    normalise(next);
    items = std::move(next);
  }
  return items;
}

std::vector<float> flat(const Vectors& vectors) {
  std::vector<float> values;
  for (const auto& row : vectors) values.insert(values.end(), row.begin(), row.end());
  return values;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Result<std::unique_ptr<Model>> sequence_by_hand(const std::string& generator,
                                                const std::string& domain, Vectors items) {
  SequenceConfig config = sequence_config(generator);
  config.dimensions = kDims;
  config.heads = 2;
  config.blocks = 1;
  config.length = 24;  // shorter than many histories
  SequenceWeights weights;
  weights.num_items = std::ssize(items);
  if (!config.causal) items.emplace_back(kDims);  // the mask
  const std::vector<float> table = flat(items);
  for (const TensorShape& tensor : sequence_tensors(config, weights.num_items, false)) {
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.shape) count *= extent;
    std::vector<float> values(static_cast<std::size_t>(count));
    if (ends_with(tensor.name, "norm.weight")) values.assign(values.size(), 1);
    if (ends_with(tensor.name, "value.weight") || ends_with(tensor.name, "out.weight"))
      for (std::size_t d = 0; d < values.size() / static_cast<std::size_t>(tensor.shape[1]); ++d)
        values[d * static_cast<std::size_t>(tensor.shape[1]) + d] = 1;
    weights.tensors[tensor.name] = tensor.name == "item_embedding" ? table : std::move(values);
  }
  return SequenceModel::make(generator, domain, config, std::move(weights));
}

}  // namespace

Result<std::unique_ptr<Model>> make_by_hand(const std::string& generator, const TrainInput& input,
                                            Context&) {
  const std::string& domain = input.dataset.domains()[input.domain_index].name;
  Vectors items = item_vectors(input);
  if (generator != "contextual") return sequence_by_hand(generator, domain, std::move(items));
  ContextualConfig config;
  config.dimensions = kDims;
  ContextualWeights weights;
  weights.start = {flat(items), std::ssize(items), kDims};
  weights.track = weights.start;
  const Vectors users(static_cast<std::size_t>(input.dataset.num_users()),
                      std::vector<float>(kDims, 0.01F));
  weights.user = {flat(users), std::ssize(users), kDims};
  return ContextualModel::make(config, domain, std::move(weights));
}

}  // namespace crossfade
