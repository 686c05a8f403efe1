// Layer normalisation of rows (Ba, Kiros and Hinton 2016).
#pragma once

#include <cstddef>

namespace crossfade::kernels {

// out = (x - mean) / sqrt(variance + epsilon) * gain + shift for each row, mean and variance being
// those of its first `dims` numbers. Rows, gain and shift are padded with zeros to padded_columns()
// (kernels/matrix_product.h) and so is the result. `out` may be `rows`. A row's bytes depend on
// that row alone.
struct LayerNorm {
  const float* rows = nullptr;
  std::size_t stride = 0, count = 0, dims = 0;
  const float* gain = nullptr;
  const float* shift = nullptr;
  float epsilon = 0;
  float* out = nullptr;
  std::size_t out_stride = 0;
  float* scales = nullptr;  // of each row, what x - mean was multiplied by; null: not wanted
};
void normalise(const LayerNorm& norm);

}  // namespace crossfade::kernels
