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
    const float limit =
        q.threshold - query.length_weight * items.length[r] - query.error_weight * items.error[r];
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
  for (std::size_t q = 0; q < kQueries; ++q) query_codes[q] = queries[q].query->codes.data();
  for (std::size_t begin = 0, segment = 0; begin < groups; begin += kSegmentGroups, ++segment) {
    VI sum[kQueries][kVectors];
    for (std::size_t q = 0; q < kQueries; ++q)
      for (std::size_t v = 0; v < kVectors; ++v)
        sum[q][v] = hn::Set(d, start_of(*queries[q].query, segment));
    const std::size_t end = begin + kSegmentGroups < groups ? begin + kSegmentGroups : groups;
    for (std::size_t g = begin; g < end; ++g) {
      VI items[kVectors];
      for (std::size_t v = 0; v < kVectors; ++v)
        items[v] = hn::LoadU(d, reinterpret_cast<const std::int32_t*>(
                                    codes + g * kTileBytesPerGroup + v * kLanes * kGroupDims));
      for (std::size_t q = 0; q < kQueries; ++q) {
        std::int32_t four;
        std::memcpy(&four, query_codes[q] + g * kGroupDims, sizeof four);
        const VI query = hn::Set(d, four);
        for (std::size_t v = 0; v < kVectors; ++v)
          sum[q][v] = add_products(sum[q][v], items[v], query);
      }
    }
    for (std::size_t q = 0; q < kQueries; ++q)
      for (std::size_t v = 0; v < kVectors; ++v)
        total[q][v] = begin == 0 ? widen(sum[q][v]) : hn::Add(total[q][v], widen(sum[q][v]));
  }
}

template <std::size_t kQueries>
HWY_INLINE void scan_tiles(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end,
                           ScanQuery* queries) {
  const DF df;
  const auto groups = static_cast<std::size_t>(items.groups);
  const auto rows = static_cast<std::size_t>(items.rows);
  for (std::size_t q = 0; q < kQueries; ++q) queries[q].count = 0;
  for (std::size_t tile = tile_begin; tile < tile_end; ++tile) {
    VI total[kQueries][kVectors];
    if (groups == 0)
      for (auto& of_query : total)
        for (VI& sum : of_query) sum = hn::Zero(DI());
    sum_tile<kQueries>(items.codes.data() + tile * groups * kTileBytesPerGroup, groups, queries,
                       total);
    const std::size_t first = tile * kTileRows;
    const std::uint64_t inside =
        rows - first < kTileRows ? (std::uint64_t{1} << (rows - first)) - 1 : 0xFFFF;
    for (std::size_t q = 0; q < kQueries; ++q) {
      std::uint64_t passed = 0;
      for (std::size_t v = 0; v < kVectors; ++v) {
        const std::size_t at = first + v * kLanes;
        const VF limit = hn::NegMulAdd(hn::Set(df, queries[q].query->error_weight),
                                       hn::LoadU(df, items.error.data() + at),
                                       hn::NegMulAdd(hn::Set(df, queries[q].query->length_weight),
                                                     hn::LoadU(df, items.length.data() + at),
                                                     hn::Set(df, queries[q].threshold)));
        const VF estimate =
            hn::Mul(hn::ConvertTo(df, total[q][v]), hn::LoadU(df, items.scale.data() + at));
        std::uint8_t bits[8] = {};
        hn::StoreMaskBits(df, hn::Ge(estimate, limit), bits);
        std::uint16_t mask;
        std::memcpy(&mask, bits, sizeof mask);
        passed |= std::uint64_t{mask} << (v * kLanes);
      }
      for (passed &= inside; passed != 0; passed &= passed - 1)
        queries[q].passed[queries[q].count++] =
            static_cast<std::int32_t>(first + hwy::Num0BitsBelowLS1Bit_Nonzero64(passed));
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
