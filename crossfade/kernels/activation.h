// What stands between the two halves of a feed-forward layer, element by element, in place.
#pragma once

#include <span>

namespace crossfade::kernels {

// max(x, 0)
void relu(std::span<float> values);

// x Phi(x), Phi being the normal distribution's function (Hendrycks and Gimpel 2016). Phi is within
// 3e-7 of the exact one: erf as a quotient of polynomials, with the coefficients of the library
// Eigen. Each value's bytes depend on that value alone.
void gelu(std::span<float> values);

}  // namespace crossfade::kernels
