// Thin names over libtorch's own; see layers.h.
#include "crossfade/neural/layers.h"

#include "crossfade/models/sequence/sequence_config.h"

namespace crossfade {

void add_linear(Parameters& weights, const std::string& name, std::int64_t out, std::int64_t in,
                std::uint64_t seed) {
  weights.add(name + ".weight", {out, in}, {glorot(out, in), 0}, seed);
  weights.add(name + ".bias", {out}, {}, seed);
}

at::Tensor linear(const Parameters& weights, const std::string& name, const at::Tensor& rows) {
  return at::linear(rows, weights[name + ".weight"], weights[name + ".bias"]);
}

void add_norm(Parameters& weights, const std::string& name, std::int64_t width,
              std::uint64_t seed) {
  weights.add(name + ".weight", {width}, {0, 1}, seed);
  weights.add(name + ".bias", {width}, {}, seed);
}

at::Tensor norm(const Parameters& weights, const std::string& name, const at::Tensor& rows) {
  return at::layer_norm(rows, {rows.size(1)}, weights[name + ".weight"], weights[name + ".bias"],
                        kLayerNormEpsilon);
}

}  // namespace crossfade
