// Two halves, each with its norm; see attention_block.h.
#include "crossfade/neural/attention_block.h"

#include "crossfade/neural/attention.h"
#include "crossfade/neural/layers.h"

namespace crossfade {

AttentionBlock::AttentionBlock(const SequenceConfig& config, std::int64_t number)
    : config_(config),
      attention_("block." + std::to_string(number) + ".attention"),
      attention_norm_(attention_ + "_norm"),
      feed_forward_("block." + std::to_string(number) + ".feed_forward"),
      feed_forward_norm_(feed_forward_ + "_norm") {}

void AttentionBlock::add_parameters(Parameters& weights, std::uint64_t seed) const {
  const std::int64_t width = config_.dimensions, hidden = config_.hidden_width();
  for (const char* part : {".query", ".key", ".value", ".out"})
    add_linear(weights, attention_ + part, width, width, seed);
  add_norm(weights, attention_norm_, width, seed);
  add_linear(weights, feed_forward_ + ".in", hidden, width, seed);
  add_linear(weights, feed_forward_ + ".out", width, hidden, seed);
  add_norm(weights, feed_forward_norm_, width, seed);
}

at::Tensor AttentionBlock::attention(const Parameters& weights, const at::Tensor& rows,
                                     const BlockView& view) const {
  const at::Tensor seen = attend(linear(weights, attention_ + ".query", rows),
                                 linear(weights, attention_ + ".key", rows),
                                 linear(weights, attention_ + ".value", rows), view.packed.runs,
                                 {config_.heads, config_.causal}, view.dropout);
  return view.dropout(linear(weights, attention_ + ".out", seen));
}

at::Tensor AttentionBlock::feed_forward(const Parameters& weights, const at::Tensor& rows,
                                        const BlockView& view) const {
  const at::Tensor inner = linear(weights, feed_forward_ + ".in", rows);
  const at::Tensor active = config_.activation == "gelu" ? at::gelu(inner) : at::relu(inner);
  return view.dropout(linear(weights, feed_forward_ + ".out", view.dropout(active)));
}

at::Tensor AttentionBlock::run(const Parameters& weights, const at::Tensor& rows,
                               const BlockView& view) const {
  if (config_.norm == "pre") {
    const at::Tensor seen =
        view.kept(rows + attention(weights, norm(weights, attention_norm_, rows), view));
    return seen + feed_forward(weights, norm(weights, feed_forward_norm_, seen), view);
  }
  const at::Tensor seen =
      norm(weights, attention_norm_, view.kept(rows + attention(weights, rows, view)));
  return norm(weights, feed_forward_norm_, seen + feed_forward(weights, seen, view));
}

}  // namespace crossfade
