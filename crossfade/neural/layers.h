// The smallest parts of a network: linear layers and norms, by name, as torch has them.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#include "crossfade/neural/parameters.h"

namespace crossfade {

// NAME.weight [out, in], which begins as Glorot and Bengio's, and NAME.bias [out], zeros.
void add_linear(Parameters& weights, const std::string& name, std::int64_t out, std::int64_t in,
                std::uint64_t seed);
at::Tensor linear(const Parameters& weights, const std::string& name, const at::Tensor& rows);

// NAME.weight [width], ones, and NAME.bias [width], zeros; divides by sqrt(variance +
// kLayerNormEpsilon).
void add_norm(Parameters& weights, const std::string& name, std::int64_t width, std::uint64_t seed);
at::Tensor norm(const Parameters& weights, const std::string& name, const at::Tensor& rows);

}  // namespace crossfade
