// Products of small matrices: the layers of a neural network applied to some rows.
//
// Every element is one sum in the order of the inner index, each step a multiply-add that is fused
// where the instruction set has it. So a row of the result depends on that row alone: computed
// among many or by itself it has the same bytes (unless `halves` are asked for), and a sequence
// that grows by a row need not be computed again.
#pragma once

#include <cstddef>

namespace crossfade::kernels {

// Matrices of products have as many columns as a multiple of this, padded with zeros.
constexpr std::size_t kColumnGroup = 16;
inline std::size_t padded_columns(std::size_t columns) {
  return (columns + kColumnGroup - 1) / kColumnGroup * kColumnGroup;
}

// out = a b + start, or out += a b + start, row r of a b times scales[r] where there are any. All
// matrices lie in rows, `stride` floats apart.
struct Product {
  const float* a = nullptr;  // rows x inner
  std::size_t a_stride = 0;
  const float* b = nullptr;  // inner x columns
  std::size_t b_stride = 0;
  const float* start = nullptr;  // one number per column, or null: zeros
  float* out = nullptr;          // rows x columns; shares no memory with the others
  std::size_t out_stride = 0;
  std::size_t rows = 0, inner = 0;
  std::size_t columns = 0;  // a multiple of kColumnGroup
  bool add = false;         // to what `out` holds
  const float* scales = nullptr;
  // Of one row alone: each sum in two halves, the even and the odd of the inner index, which are
  // added at the end. They wait half as long for each other, and the bytes are others.
  bool halves = false;
};
void multiply(const Product& product);

}  // namespace crossfade::kernels
