// The scan of coded items (int8_rows.h) for up to four queries at a time.
//
// The layout needs no sums across a vector: a 32-bit lane holds four dimensions of one item, and a
// query's four codes are broadcast to all lanes. Without VNNI, maddubs multiplies unsigned by
// signed bytes and adds pairs in 16 bits; the codes are limited so that 128 dimensions can be added
// there modulo 2^16 (the true sum fits; the offset of the unsigned codes is taken off beforehand),
// which makes two instructions for every 32 products. With VNNI, dpbusd does the same in one. The
// integer sums are the same on every instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/kernels/int8_rows.h"

namespace crossfade::kernels {

constexpr std::size_t kScanQueries = 4;

// One query of a scan: where its codes are, its threshold, and where what passes is written.
struct ScanQuery {
  const Int8Query* query = nullptr;
  float threshold = 0;             // Int8Query::threshold
  std::int32_t* passed = nullptr;  // room for every row of the scanned tiles
  std::size_t count = 0;           // out: how many rows passed
};

// For each of the 1 to kScanQueries queries: writes the rows (positions, ascending) of tiles
// [tile_begin, tile_end) that pass its threshold, all of them if it is -infinity.
void int8_scan(const Int8Items& items, std::int64_t tile_begin, std::int64_t tile_end,
               std::span<ScanQuery> queries);

}  // namespace crossfade::kernels
