// Rows on their way into products of matrices: picked from a table and added, and turned into
// columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace crossfade::kernels {

// Row r of `out` becomes (factor * row ids[r] of `table` + row r of `more`) * scales[r] + start,
// element by element, `columns` of them; rows lie `stride` floats apart.
struct PickedSums {
  float factor = 1;
  const float* table = nullptr;
  std::size_t table_stride = 0;
  std::span<const std::int32_t> ids;
  const float* more = nullptr;
  std::size_t more_stride = 0;
  const float* scales = nullptr;  // null: 1
  const float* start = nullptr;   // null: 0; only where there are scales
  float* out = nullptr;
  std::size_t out_stride = 0;
  std::size_t columns = 0;
  std::size_t ahead = 0;  // columns of the table, from these on, that are brought into the cache
};
void pick_and_add(const PickedSums& work);

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
