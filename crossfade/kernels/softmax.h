// Softmax of rows: what an attention layer makes of its products.
#pragma once

#include <cstddef>

namespace crossfade::kernels {

// Row r has valid + r * growth numbers x that count; it becomes exp(x - max) of them, and zeros
// behind, up to `width`, with 1 / their sum in scales[r]: a product of the rows takes that along
// (kernels/matrix_product.h), which spares a pass. A row with none becomes zeros, and its scale is
// 0. What lies behind the numbers that count may be anything before. A row's bytes depend on the
// numbers that count and on nothing else.
struct SoftmaxRows {
  float* rows = nullptr;
  std::size_t stride = 0, count = 0;
  std::size_t width = 0;  // a multiple of kColumnGroup, and no row counts more
  std::size_t valid = 0;
  std::size_t growth = 0;  // 1: every row sees one more than the row before it
  float* scales = nullptr;
};
void softmax(const SoftmaxRows& rows);

}  // namespace crossfade::kernels
