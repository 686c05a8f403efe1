// The layers one after another; see sequence_engine.h.
#include "crossfade/models/sequence/sequence_engine.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/kernels/rows.h"
#include "crossfade/models/sequence/answering_layer.h"
#include "crossfade/models/sequence/attention_layer.h"

namespace crossfade {

SequenceEngine::SequenceEngine(const SequenceConfig& config, SequenceWeights weights)
    : config_(config),
      weights_(std::move(weights)),
      dims_(static_cast<std::size_t>(config.dimensions)),
      width_(kernels::padded_columns(dims_)) {
  for (std::int64_t n = 0; n < config.blocks; ++n) {
    const std::string block = "block." + std::to_string(n) + ".";
    if (n + 1 < config.blocks)
      layers_.push_back(std::make_unique<AttentionLayer>(config, weights_, block));
    else
      layers_.push_back(std::make_unique<AnsweringLayer>(config, weights_, block));
  }
  if (config.norm == "pre") last_norm_ = std::make_unique<PackedNorm>(weights_, "norm");
}

std::size_t SequenceEngine::state_bytes() const {
  std::size_t floats = width_;
  for (const auto& layer : layers_) floats += layer->memory_floats();
  return floats * sizeof(float) + static_cast<std::size_t>(config_.length) * sizeof(ItemIndex);
}

void SequenceEngine::embed(std::span<const ItemIndex> items, std::size_t first,
                           const Rows& rows) const {
  const auto items_table = weights_["item_embedding"].span();
  const auto places_table = weights_["position_embedding"].span();
  for (std::size_t r = 0; r < rows.count; ++r) {
    const std::size_t place = first + r;
    // Behind the window there is the mask.
    const auto item = static_cast<std::size_t>(place < items.size() ? items[place] : num_items());
    float* const row = rows.row(r);
    kernels::add_scaled(items_table.subspan(item * dims_, dims_), config_.item_scale(),
                        places_table.subspan(place * dims_, dims_), {row, dims_});
    std::fill(row + dims_, row + width_, 0.0F);
  }
}

void SequenceEngine::read(std::span<const ItemIndex> window, SequenceState& state,
                          SequenceScratch& scratch) const {
  CROSSFADE_CHECK(!window.empty() && std::ssize(window) <= config_.window(),
                  "a window of a sequence model has 1 to window() items");
  std::size_t first = state.items.size();
  const bool begins_so =
      first <= window.size() && std::equal(state.items.begin(), state.items.end(), window.begin());
  if (begins_so && first == window.size()) return;
  if (!begins_so || !config_.causal) first = 0;

  state.memory.resize(layers_.size());
  state.answer.resize(width_);
  const std::size_t end = window.size() + (config_.causal ? 0 : 1), count = end - first;
  if (scratch.rows.size() < count * width_) scratch.rows.resize(count * width_);
  const Rows rows{scratch.rows.data(), width_, count};
  embed(window, first, rows);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    state.memory[l].resize(layers_[l]->memory_floats());
    layers_[l]->run({rows, first}, state.memory[l], scratch.of_layer);
  }
  state.items.assign(window.begin(), window.end());
  const Rows answer{state.answer.data(), width_, 1};
  if (last_norm_)
    last_norm_->apply(rows.from(count - 1), answer);
  else
    std::copy_n(rows.row(count - 1), width_, answer.data);
}

}  // namespace crossfade
