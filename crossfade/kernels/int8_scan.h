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

// The same for one query that has no threshold yet, in three steps: a lower bound of every score,
// a threshold from the largest of them, and what can reach it. All in the units of
// Int8Query::threshold; what an item's score is at most lies above its lower bound by twice what
// the codes leave out.

// bounds[i]: what row i of the first tiles reaches at least; -infinity for padding. As many as
// whole tiles have.
void int8_bounds(const Int8Items& items, const Int8Query& query, std::span<float> bounds);

// The most bounds that are looked at together: 16 KiB of them.
constexpr std::size_t kMostBounds = 4096;

// Something that at least k of the bounds reach, near the largest such number; -infinity where none
// is seen. 16 to kMostBounds of them, a multiple of kTileRows.
float reached_by(std::span<const float> bounds, std::size_t k);

// Writes the rows (positions, ascending) of those tiles that can be among the k best where k bounds
// reach `reached`, and tells how many; never one whose bound is -infinity. `passed` has room for
// every row.
std::size_t int8_reaching(const Int8Items& items, const Int8Query& query,
                          std::span<const float> bounds, float reached, std::int32_t* passed);

}  // namespace crossfade::kernels
