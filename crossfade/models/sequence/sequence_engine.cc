// The layers one after another; see sequence_engine.h.
#include "crossfade/models/sequence/sequence_engine.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/rows.h"
#include "crossfade/models/sequence/answering_layer.h"
#include "crossfade/models/sequence/attention_layer.h"

namespace crossfade {

SequenceEngine::SequenceEngine(const SequenceConfig& config, SequenceWeights weights)
    : config_(config),
      weights_(std::move(weights)),
      dims_(static_cast<std::size_t>(config.dimensions)),
      width_(kernels::padded_columns(dims_)),
      items_(weights_["item_embedding"].data()),
      places_(weights_["position_embedding"].data()) {
  for (std::int64_t n = 0; n < config.blocks; ++n) {
    const std::string block = "block." + std::to_string(n) + ".";
    if (n + 1 < config.blocks)
      layers_.push_back(std::make_unique<AttentionLayer>(config, weights_, n));
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

void SequenceEngine::embed(const LayerRows& rows) const {
  const Rows& to = rows.rows;
  kernels::pick_and_add({config_.item_scale(), items_, dims_, rows.items,
                         places_ + rows.first * dims_, dims_, nullptr, nullptr, to.data, to.stride,
                         dims_, dims_});
  if (dims_ == width_) return;
  for (std::size_t r = 0; r < to.count; ++r) std::fill(to.row(r) + dims_, to.row(r) + width_, 0.0F);
}

void SequenceEngine::ask_for_last(std::span<const ItemIndex> window) const {
  const ItemIndex item = window.back();
  const auto place = static_cast<std::int32_t>(window.size() - 1);
  kernels::prefetch_rows(items_, config_.dimensions, {&item, 1});
  kernels::prefetch_rows(places_, config_.dimensions, {&place, 1});
  for (const auto& layer : layers_) layer->ask_for(item, place);
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
  scratch.items.assign(window.begin() + static_cast<std::ptrdiff_t>(first), window.end());
  if (!config_.causal) scratch.items.push_back(static_cast<ItemIndex>(num_items()));
  const Rows rows{scratch.rows.data(), width_, count};
  const LayerRows read{rows, first, scratch.items};
  embed(read);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    state.memory[l].resize(layers_[l]->memory_floats());
    layers_[l]->run(read, state.memory[l], scratch.of_layer);
  }
  state.items.resize(first);
  state.items.insert(state.items.end(), window.begin() + static_cast<std::ptrdiff_t>(first),
                     window.end());
  const Rows answer{state.answer.data(), width_, 1};
  if (last_norm_)
    last_norm_->apply(rows.from(count - 1), answer);
  else
    std::copy_n(rows.row(count - 1), width_, answer.data);
}

}  // namespace crossfade
