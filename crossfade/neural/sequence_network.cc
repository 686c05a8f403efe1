// Embeddings in, blocks, rows out; see sequence_network.h.
#include "crossfade/neural/sequence_network.h"

#include <memory>

#include "crossfade/neural/attention_block.h"
#include "crossfade/neural/execution.h"
#include "crossfade/neural/layers.h"

namespace crossfade {
namespace {

constexpr double kPositionDeviation = 0.02;

}  // namespace

at::Tensor BlockView::kept(const at::Tensor& rows) const {
  if (!last || static_cast<std::int64_t>(packed.scored.size()) == packed.rows()) return rows;
  return rows.index_select(0, indices_for(rows, packed.scored));
}

// Blocks by kind; so far there is one.
std::unique_ptr<Block> make_block(const SequenceConfig& config, std::int64_t number) {
  return std::make_unique<AttentionBlock>(config, number);
}

Parameters make_network(const SequenceConfig& config, std::uint64_t seed) {
  Parameters weights;
  weights.add("position_embedding", {config.length, config.dimensions}, {kPositionDeviation, 0},
              seed);
  for (std::int64_t number = 0; number < config.blocks; ++number)
    make_block(config, number)->add_parameters(weights, seed);
  if (config.norm == "pre") add_norm(weights, "norm", config.dimensions, seed);
  return weights;
}

at::Tensor run_network(const SequenceConfig& config, const Parameters& weights,
                       const at::Tensor& embedded, const Packed& packed, Dropout& dropout) {
  const at::Tensor items = config.scaled ? embedded * config.item_scale() : embedded;
  at::Tensor x = dropout(items + weights["position_embedding"].index_select(
                                     0, indices_for(embedded, packed.positions)));
  for (std::int64_t number = 0; number < config.blocks; ++number)
    x = make_block(config, number)->run(weights, x, {packed, dropout, number + 1 == config.blocks});
  return config.norm == "pre" ? norm(weights, "norm", x) : x;
}

}  // namespace crossfade
