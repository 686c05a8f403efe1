// Embeddings in, rows out; see sequence_network.h.
#include "crossfade/neural/sequence_network.h"

#include <string>

#include "crossfade/neural/attention.h"
#include "crossfade/neural/execution.h"

namespace crossfade {
namespace {

constexpr double kPositionDeviation = 0.02;

void add_linear(Parameters& weights, const std::string& name, std::int64_t out, std::int64_t in,
                std::uint64_t seed) {
  weights.add(name + ".weight", {out, in}, {glorot(out, in), 0}, seed);
  weights.add(name + ".bias", {out}, {}, seed);
}

void add_norm(Parameters& weights, const std::string& name, std::int64_t width,
              std::uint64_t seed) {
  weights.add(name + ".weight", {width}, {0, 1}, seed);
  weights.add(name + ".bias", {width}, {}, seed);
}

std::string block_name(std::int64_t number) {
  return "block." + std::to_string(number);
}

at::Tensor linear(const Parameters& weights, const std::string& name, const at::Tensor& x) {
  return at::linear(x, weights[name + ".weight"], weights[name + ".bias"]);
}

at::Tensor norm(const Parameters& weights, const std::string& name, const at::Tensor& x) {
  return at::layer_norm(x, {x.size(1)}, weights[name + ".weight"], weights[name + ".bias"],
                        kLayerNormEpsilon);
}

// One forward pass.
struct Pass {
  const SequenceConfig& config;
  const Parameters& weights;
  const Packed& packed;
  Dropout& dropout;

  at::Tensor attention(const std::string& name, const at::Tensor& x) const {
    const at::Tensor rows = attend(
        linear(weights, name + ".query", x), linear(weights, name + ".key", x),
        linear(weights, name + ".value", x), packed.runs, {config.heads, config.causal}, dropout);
    return dropout(linear(weights, name + ".out", rows));
  }
  at::Tensor feed_forward(const std::string& name, const at::Tensor& x) const {
    const at::Tensor inner = linear(weights, name + ".in", x);
    const at::Tensor active = config.activation == "gelu" ? at::gelu(inner) : at::relu(inner);
    return dropout(linear(weights, name + ".out", dropout(active)));
  }
  at::Tensor block(std::int64_t number, const at::Tensor& x) const {
    const std::string name = block_name(number);
    const std::string attention_norm = name + ".attention_norm",
                      feed_forward_norm = name + ".feed_forward_norm";
    // After the last attention only the rows that are asked about are of use.
    const bool last = number + 1 == config.blocks;
    const auto kept = [&](const at::Tensor& rows) { return last ? asked(rows) : rows; };
    if (config.norm == "pre") {
      const at::Tensor seen =
          kept(x + attention(name + ".attention", norm(weights, attention_norm, x)));
      return seen + feed_forward(name + ".feed_forward", norm(weights, feed_forward_norm, seen));
    }
    const at::Tensor seen =
        norm(weights, attention_norm, kept(x + attention(name + ".attention", x)));
    return norm(weights, feed_forward_norm, seen + feed_forward(name + ".feed_forward", seen));
  }
  at::Tensor asked(const at::Tensor& rows) const {
    if (static_cast<std::int64_t>(packed.scored.size()) == packed.rows()) return rows;
    return rows.index_select(0, indices_for(rows, packed.scored));
  }
};

}  // namespace

Parameters make_network(const SequenceConfig& config, std::uint64_t seed) {
  const std::int64_t width = config.dimensions, hidden = config.hidden_width();
  Parameters weights;
  weights.add("position_embedding", {config.length, width}, {kPositionDeviation, 0}, seed);
  for (std::int64_t number = 0; number < config.blocks; ++number) {
    const std::string name = block_name(number);
    for (const char* part : {".query", ".key", ".value", ".out"})
      add_linear(weights, name + ".attention" + part, width, width, seed);
    add_norm(weights, name + ".attention_norm", width, seed);
    add_linear(weights, name + ".feed_forward.in", hidden, width, seed);
    add_linear(weights, name + ".feed_forward.out", width, hidden, seed);
    add_norm(weights, name + ".feed_forward_norm", width, seed);
  }
  if (config.norm == "pre") add_norm(weights, "norm", width, seed);
  return weights;
}

at::Tensor run_network(const SequenceConfig& config, const Parameters& weights,
                       const at::Tensor& embedded, const Packed& packed, Dropout& dropout) {
  const Pass pass{config, weights, packed, dropout};
  const at::Tensor items = config.scaled ? embedded * config.item_scale() : embedded;
  at::Tensor x = dropout(items + weights["position_embedding"].index_select(
                                     0, indices_for(embedded, packed.positions)));
  for (std::int64_t number = 0; number < config.blocks; ++number) x = pass.block(number, x);
  return config.norm == "pre" ? norm(weights, "norm", x) : x;
}

}  // namespace crossfade
