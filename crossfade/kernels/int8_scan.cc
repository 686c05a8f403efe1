// The int8 scan for every instruction set; layout, limits and the idea stand in int8_scan.h.
#include "crossfade/kernels/int8_scan.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/int8_scan.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
#if HWY_TARGET == HWY_AVX3_DL
// Highway 1.0.3 detects this extension for the target but does not switch it on.
#pragma GCC target("avx512vnni")
#endif
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kTileBytesPerGroup = kTileRows * kGroupDims;
constexpr std::size_t kSegmentGroups = kSegmentDims / kGroupDims;

// What an estimate in the tile has to reach; the same operations on every instruction set.
HWY_INLINE float limit_of(const Int8Items& items, std::size_t tile, const ScanQuery& q) {
  return q.threshold - q.query->length_weight * items.length[tile] -
         q.query->error_weight * items.error[tile];
}

#if HWY_TARGET == HWY_SCALAR

// The oracle: integers one by one, then the same comparison.
void scan_one(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end, ScanQuery& q) {
  const auto groups = static_cast<std::size_t>(items.groups);
  const Int8Query& query = *q.query;
  std::size_t count = 0;
  for (std::size_t r = tile_begin * kTileRows;
       r < std::min(tile_end * kTileRows, static_cast<std::size_t>(items.rows)); ++r) {
    const std::uint8_t* codes = items.codes.data() + r / kTileRows * groups * kTileBytesPerGroup +
                                r % kTileRows * kGroupDims;
    std::int32_t sum = query.offset;
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t d = 0; d < kGroupDims; ++d)
        sum += codes[g * kTileBytesPerGroup + d] * query.codes[g * kGroupDims + d];
    const float limit = limit_of(items, r / kTileRows, q);
    if (static_cast<float>(sum) * items.scale[r] >= limit)
      q.passed[count++] = static_cast<std::int32_t>(r);
  }
  q.count = count;
}

void scan_target(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end,
                 ScanQuery* queries, std::size_t num_queries) {
  for (std::size_t q = 0; q < num_queries; ++q) scan_one(items, tile_begin, tile_end, queries[q]);
}

#else

using DI = hn::CappedTag<std::int32_t, kTileRows>;
using DF = hn::Rebind<float, DI>;
using VI = hn::Vec<DI>;
using VF = hn::Vec<DF>;
constexpr std::size_t kLanes =
    HWY_LANES(std::int32_t) < kTileRows ? HWY_LANES(std::int32_t) : kTileRows;
constexpr std::size_t kVectors = kTileRows / kLanes;  // vectors that hold one group of a tile

// sum + products of the four codes of every lane, in two 16-bit halves or (VNNI) in 32 bits.
HWY_INLINE VI add_products(VI sum, VI items, VI query) {
#if HWY_TARGET == HWY_AVX3_DL
  return VI{_mm512_dpbusd_epi32(sum.raw, items.raw, query.raw)};
#elif HWY_TARGET == HWY_AVX3
  return VI{_mm512_add_epi16(sum.raw, _mm512_maddubs_epi16(items.raw, query.raw))};
#elif HWY_TARGET == HWY_AVX2
  return VI{_mm256_add_epi16(sum.raw, _mm256_maddubs_epi16(items.raw, query.raw))};
#else
  return VI{_mm_add_epi16(sum.raw, _mm_maddubs_epi16(items.raw, query.raw))};
#endif
}

// The 32-bit sum of every lane out of its two 16-bit halves.
HWY_INLINE VI widen(VI sum) {
#if HWY_TARGET == HWY_AVX3_DL
  return sum;
#elif HWY_TARGET == HWY_AVX3
  return VI{_mm512_madd_epi16(sum.raw, _mm512_set1_epi16(1))};
#elif HWY_TARGET == HWY_AVX2
  return VI{_mm256_madd_epi16(sum.raw, _mm256_set1_epi16(1))};
#else
  return VI{_mm_madd_epi16(sum.raw, _mm_set1_epi16(1))};
#endif
}

// What a sum starts with in segment s: minus the offset of the unsigned codes.
HWY_INLINE std::int32_t start_of(const Int8Query& query, std::size_t segment) {
  return HWY_TARGET == HWY_AVX3_DL ? (segment == 0 ? query.offset : 0) : query.starts[segment];
}

// Sums of one tile for kQueries queries.
template <std::size_t kQueries>
HWY_INLINE void sum_tile(const std::uint8_t* HWY_RESTRICT codes, std::size_t groups,
                         const ScanQuery* queries, VI (&total)[kQueries][kVectors]) {
  const DI d;
  const std::int8_t* query_codes[kQueries];
#pragma GCC unroll 4
  for (std::size_t q = 0; q < kQueries; ++q) query_codes[q] = queries[q].query->codes.data();
  for (std::size_t begin = 0, segment = 0; begin < groups; begin += kSegmentGroups, ++segment) {
    VI sum[kQueries][kVectors];
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQueries; ++q)
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        sum[q][v] = hn::Set(d, start_of(*queries[q].query, segment));
    const std::size_t end = begin + kSegmentGroups < groups ? begin + kSegmentGroups : groups;
#pragma GCC unroll 2
    for (std::size_t g = begin; g < end; ++g) {
      VI items[kVectors];
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        items[v] = hn::LoadU(d, reinterpret_cast<const std::int32_t*>(
                                    codes + g * kTileBytesPerGroup + v * kLanes * kGroupDims));
#pragma GCC unroll 4
      for (std::size_t q = 0; q < kQueries; ++q) {
        std::int32_t four;
        std::memcpy(&four, query_codes[q] + g * kGroupDims, sizeof four);
        const VI query = hn::Set(d, four);
#pragma GCC unroll 4
        for (std::size_t v = 0; v < kVectors; ++v)
          sum[q][v] = add_products(sum[q][v], items[v], query);
      }
    }
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQueries; ++q)
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        total[q][v] = begin == 0 ? widen(sum[q][v]) : hn::Add(total[q][v], widen(sum[q][v]));
  }
}

// Appends the rows of one tile whose bits are set, except padding.
HWY_INLINE void append(std::uint64_t bits, std::size_t first, std::size_t rows, ScanQuery& q) {
  if (rows - first < kTileRows) bits &= (std::uint64_t{1} << (rows - first)) - 1;
  for (; bits != 0; bits &= bits - 1)
    q.passed[q.count++] =
        static_cast<std::int32_t>(first + hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
}

// One bit for each lane of the mask.
HWY_INLINE std::uint64_t bits_of(hn::Mask<DF> mask) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(DF(), mask, bytes);
  std::uint16_t bits;
  std::memcpy(&bits, bytes, sizeof bits);
  return bits;
}

template <std::size_t kQueries>
HWY_INLINE void scan_tiles(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end,
                           ScanQuery* queries) {
  const DF df;
  const auto groups = static_cast<std::size_t>(items.groups);
  for (std::size_t q = 0; q < kQueries; ++q) queries[q].count = 0;
  for (std::size_t tile = tile_begin; tile < tile_end; ++tile) {
    VI total[kQueries][kVectors];
    sum_tile<kQueries>(items.codes.data() + tile * groups * kTileBytesPerGroup, groups, queries,
                       total);
    const std::size_t first = tile * kTileRows;
    VF scale[kVectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v)
      scale[v] = hn::LoadU(df, items.scale.data() + first + v * kLanes);
    hn::Mask<DF> passed[kQueries][kVectors];
    hn::Mask<DF> any = hn::FirstN(df, 0);
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQueries; ++q) {
      const VF limit = hn::Set(df, limit_of(items, tile, queries[q]));
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) {
        passed[q][v] = hn::Ge(hn::Mul(hn::ConvertTo(df, total[q][v]), scale[v]), limit);
        any = hn::Or(any, passed[q][v]);
      }
    }
    if (HWY_LIKELY(hn::AllFalse(df, any))) continue;
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQueries; ++q) {
      std::uint64_t bits = 0;
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) bits |= bits_of(passed[q][v]) << (v * kLanes);
      append(bits, first, static_cast<std::size_t>(items.rows), queries[q]);
    }
  }
}

void scan_target(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end,
                 ScanQuery* queries, std::size_t num_queries) {
  if (num_queries == kScanQueries)
    return scan_tiles<kScanQueries>(items, tile_begin, tile_end, queries);
  for (std::size_t q = 0; q < num_queries; ++q)
    scan_tiles<1>(items, tile_begin, tile_end, queries + q);
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(scan_target);

void int8_scan(const Int8Items& items, std::int64_t tile_begin, std::int64_t tile_end,
               std::span<ScanQuery> queries) {
  CROSSFADE_CHECK(queries.size() <= kScanQueries, "too many queries for one scan");
  HWY_DYNAMIC_DISPATCH(scan_target)
  (items, static_cast<std::size_t>(tile_begin), static_cast<std::size_t>(tile_end), queries.data(),
   queries.size());
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
