// Rows on their way into products of matrices: sums of two, and turned into columns.
#pragma once

#include <cstddef>
#include <span>

namespace crossfade::kernels {

// out = scale a + b, element by element; all of one size.
void add_scaled(std::span<const float> a, float scale, std::span<const float> b,
                std::span<float> out);

// to[c][r] = from[r][c] for `rows` rows of `columns` numbers, each `stride` floats apart.
struct Transposition {
  const float* from = nullptr;
  std::size_t stride = 0;
  std::size_t rows = 0, columns = 0;
  float* to = nullptr;
  std::size_t to_stride = 0;
};
void transpose(const Transposition& work);

}  // namespace crossfade::kernels
