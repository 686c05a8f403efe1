// The int8 scan for every instruction set; layout, limits and the idea stand in int8_scan.h.
#include "crossfade/kernels/int8_scan.h"

#include <algorithm>
#include <cstring>
#include <limits>

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
std::int32_t sum_of(const Int8Items& items, std::size_t r, const Int8Query& query) {
  const auto groups = static_cast<std::size_t>(items.groups);
  const std::uint8_t* codes =
      items.codes.data() + r / kTileRows * groups * kTileBytesPerGroup + r % kTileRows * kGroupDims;
  std::int32_t sum = query.offset;
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t d = 0; d < kGroupDims; ++d)
      sum += codes[g * kTileBytesPerGroup + d] * query.codes[g * kGroupDims + d];
  return sum;
}

void scan_one(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end, ScanQuery& q) {
  std::size_t count = 0;
  for (std::size_t r = tile_begin * kTileRows;
       r < std::min(tile_end * kTileRows, static_cast<std::size_t>(items.rows)); ++r)
    if (static_cast<float>(sum_of(items, r, *q.query)) * items.scale[r] >=
        limit_of(items, r / kTileRows, q))
      q.passed[count++] = static_cast<std::int32_t>(r);
  q.count = count;
}

void scan_target(const Int8Items& items, std::size_t tile_begin, std::size_t tile_end,
                 ScanQuery* queries, std::size_t num_queries) {
  for (std::size_t q = 0; q < num_queries; ++q) scan_one(items, tile_begin, tile_end, queries[q]);
}

using Codes = const Int8Query&;

void bound_tile(const Int8Items& items, std::size_t tile, const Int8Query& query, float slack,
                float* bounds) {
  for (std::size_t i = 0; i < kTileRows; ++i)
    bounds[i] = static_cast<float>(sum_of(items, tile * kTileRows + i, query)) *
                    items.scale[tile * kTileRows + i] -
                slack;
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

// A query's numbers where no store can change them, so that they stay in registers.
struct Codes {
  const std::int8_t* codes = nullptr;
  const std::int32_t* starts = nullptr;
  std::int32_t offset = 0;

  Codes() = default;
  HWY_INLINE explicit Codes(const Int8Query& query)
      : codes(query.codes.data()), starts(query.starts.data()), offset(query.offset) {}
  // What a sum starts with in segment s: minus the offset of the unsigned codes.
  HWY_INLINE std::int32_t start_of(std::size_t segment) const {
    return HWY_TARGET == HWY_AVX3_DL ? (segment == 0 ? offset : 0) : starts[segment];
  }
};

// Sums of one tile for kQueries queries.
template <std::size_t kQueries>
HWY_INLINE void sum_tile(const std::uint8_t* HWY_RESTRICT codes, std::size_t groups,
                         const Codes (&queries)[kQueries], VI (&total)[kQueries][kVectors]) {
  const DI d;
  for (std::size_t begin = 0, segment = 0; begin < groups; begin += kSegmentGroups, ++segment) {
    VI sum[kQueries][kVectors];
#pragma GCC unroll 4
    for (std::size_t q = 0; q < kQueries; ++q)
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        sum[q][v] = hn::Set(d, queries[q].start_of(segment));
    const std::size_t end = begin + kSegmentGroups < groups ? begin + kSegmentGroups : groups;
#pragma GCC unroll 4
    for (std::size_t g = begin; g < end; ++g, codes += kTileBytesPerGroup) {
      VI items[kVectors];
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        items[v] =
            hn::LoadU(d, reinterpret_cast<const std::int32_t*>(codes + v * kLanes * kGroupDims));
#pragma GCC unroll 4
      for (std::size_t q = 0; q < kQueries; ++q) {
        std::int32_t four;
        std::memcpy(&four, queries[q].codes + g * kGroupDims, sizeof four);
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
  Codes codes[kQueries];
  for (std::size_t q = 0; q < kQueries; ++q) {
    queries[q].count = 0;
    codes[q] = Codes(*queries[q].query);
  }
  for (std::size_t tile = tile_begin; tile < tile_end; ++tile) {
    VI total[kQueries][kVectors];
    sum_tile<kQueries>(items.codes.data() + tile * groups * kTileBytesPerGroup, groups, codes,
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

// The same for one query and one segment, which leaves little beside the products.
HWY_INLINE void sum_short_tile(const std::uint8_t* HWY_RESTRICT codes, std::size_t groups,
                               const std::int8_t* HWY_RESTRICT query, std::int32_t start,
                               VI (&total)[kVectors]) {
  const DI d;
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kVectors; ++v) total[v] = hn::Set(d, start);
#pragma GCC unroll 4
  for (std::size_t g = 0; g < groups; ++g) {
    std::int32_t four;
    std::memcpy(&four, query + g * kGroupDims, sizeof four);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v)
      total[v] =
          add_products(total[v],
                       hn::LoadU(d, reinterpret_cast<const std::int32_t*>(
                                        codes + g * kTileBytesPerGroup + v * kLanes * kGroupDims)),
                       hn::Set(d, four));
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kVectors; ++v) total[v] = widen(total[v]);
}

HWY_INLINE void bound_tile(const Int8Items& items, std::size_t tile, const Codes& query,
                           float slack, float* HWY_RESTRICT bounds) {
  const DF df;
  const auto groups = static_cast<std::size_t>(items.groups);
  const std::uint8_t* const codes = items.codes.data() + tile * groups * kTileBytesPerGroup;
  VI total[1][kVectors];
  if (groups <= kSegmentGroups) {
    sum_short_tile(codes, groups, query.codes, query.start_of(0), total[0]);
  } else {
    const Codes one[1] = {query};
    sum_tile<1>(codes, groups, one, total);
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kVectors; ++v) {
    const VF scale = hn::LoadU(df, items.scale.data() + tile * kTileRows + v * kLanes);
    const VF sum = hn::ConvertTo(df, total[0][v]);
    hn::StoreU(hn::MulSub(sum, scale, hn::Set(df, slack)), df, bounds + v * kLanes);
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

// What estimates in some tiles may be off, `times` over.
struct Slacks {
  static constexpr std::size_t kTiles = 16;
  HWY_ALIGN float of[kTiles] = {};

  HWY_INLINE Slacks(const Int8Items& items, std::size_t begin, std::size_t end,
                    const Int8Query& query, float times) {
    const hn::CappedTag<float, kTiles> d;
    const float length_weight = times * query.length_weight;
    const float error_weight = times * query.error_weight;
    const float* HWY_RESTRICT length = items.length.data() + begin;
    const float* HWY_RESTRICT error = items.error.data() + begin;
    std::size_t t = 0;
    for (; t + hn::Lanes(d) <= end - begin; t += hn::Lanes(d))
      hn::Store(hn::MulAdd(hn::LoadU(d, length + t), hn::Set(d, length_weight),
                           hn::Mul(hn::LoadU(d, error + t), hn::Set(d, error_weight))),
                d, of + t);
    for (; t < end - begin; ++t) of[t] = length[t] * length_weight + error[t] * error_weight;
  }
  // Turns them into what a bound has to reach: `threshold` less each, and never -infinity.
  HWY_INLINE void into_limits(float threshold) {
    const hn::CappedTag<float, kTiles> d;
    const auto lowest = hn::Set(d, std::numeric_limits<float>::lowest());
    for (std::size_t t = 0; t < kTiles; t += hn::Lanes(d))
      hn::Store(hn::Max(hn::Sub(hn::Set(d, threshold), hn::Load(d, of + t)), lowest), d, of + t);
  }
};

void bounds_target(const Int8Items& items, const Int8Query& query, std::size_t tiles,
                   float* bounds) {
  const Codes codes(query);
  for (std::size_t begin = 0; begin < tiles; begin += Slacks::kTiles) {
    const std::size_t end = std::min(begin + Slacks::kTiles, tiles);
    const Slacks slacks(items, begin, end, query, 1);
    for (std::size_t tile = begin; tile < end; ++tile)
      bound_tile(items, tile, codes, slacks.of[tile - begin], bounds + tile * kTileRows);
  }
  for (auto r = static_cast<std::size_t>(items.rows); r < tiles * kTileRows; ++r)
    bounds[r] = -std::numeric_limits<float>::infinity();
}

// Floats as integers of the same order, and back.
using Order = hn::ScalableTag<std::int32_t>;
HWY_INLINE hn::Vec<Order> order_of(hn::Vec<Order> bits) {
  const hn::Vec<Order> rest = hn::Set(Order(), 0x7FFFFFFF);
  return hn::Xor(bits, hn::And(hn::BroadcastSignBit(bits), rest));
}

// Whether at least k of the places are `limit` or more.
HWY_INLINE bool as_many(const std::int32_t* HWY_RESTRICT places, std::size_t groups, std::size_t k,
                        std::uint32_t limit) {
  const Order d;
  const hn::Vec<Order> limits = hn::Set(d, static_cast<std::int32_t>(limit));
  std::size_t below = 0;
  for (std::size_t place = 0; place < groups; place += hn::Lanes(d))
    below += hn::CountTrue(d, hn::Lt(hn::Load(d, places + place), limits));
  return groups >= k + below;
}

// Bounds `groups` apart share a place, which keeps the largest of them: those k that are largest
// rarely share. Of the places' numbers the k-th is found bit by bit: from the top, or, where it is
// more than about half of the largest, from there.
float reached_target(const float* bounds, std::size_t size, std::size_t k, std::size_t groups) {
  constexpr int kLast = 12;  // lower bits of a bound are not worth a look
  constexpr int kMantissa = 23;
  constexpr std::int32_t kNothing = static_cast<std::int32_t>(0x807FFFFF);  // -infinity
  const Order d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN std::int32_t places[kMostBounds];
  const hn::RebindToFloat<Order> df;
  hn::Vec<Order> largest = hn::Set(d, kNothing);
  for (std::size_t place = 0; place < groups; place += lanes) {
    auto most = hn::LoadU(df, bounds + place);
    for (std::size_t i = place + groups; i < size; i += groups)
      most = hn::Max(most, hn::LoadU(df, bounds + i));
    const hn::Vec<Order> order = order_of(hn::BitCast(d, most));
    hn::Store(order, d, places + place);
    largest = hn::Max(largest, order);
  }
  std::uint32_t found = 0x80000000U;  // below every number, as a signed one
  int bit = 31;
  const std::int32_t exponent = hn::GetLane(hn::MaxOfLanes(d, largest)) >> kMantissa;
  const std::uint32_t half = static_cast<std::uint32_t>(exponent > 0 ? exponent - 1 : 0)
                             << kMantissa;
  if (exponent > 0 && as_many(places, groups, k, half)) {
    found = half;
    bit = kMantissa;
  }
  for (; bit >= kLast; --bit) {
    const std::uint32_t next = found + (std::uint32_t{1} << bit);
    found = as_many(places, groups, k, next) ? next : found;
  }
  const auto order = static_cast<std::int32_t>(found);
  if (order <= kNothing) return -std::numeric_limits<float>::infinity();
  const std::int32_t bits = order ^ (order < 0 ? 0x7FFFFFFF : 0);
  float reached;
  std::memcpy(&reached, &bits, sizeof reached);
  return reached;
}

// One bit for each row of the tile whose bound reaches `limit`, which is not -infinity.
HWY_INLINE std::uint64_t bits_reaching(const float* HWY_RESTRICT bounds, float limit) {
  const hn::CappedTag<float, kTileRows> d;
  const auto least = hn::Set(d, limit);
  std::uint64_t bits = 0;
#pragma GCC unroll 4
  for (std::size_t i = 0; i < kTileRows; i += hn::Lanes(d)) {
    const auto reach = hn::Ge(hn::LoadU(d, bounds + i), least);
#if HWY_TARGET == HWY_SCALAR
    bits |= std::uint64_t{reach.bits != 0} << i;
#elif HWY_TARGET <= HWY_AVX3
    bits |= std::uint64_t{reach.raw} << i;
#else
    bits |= hn::detail::BitsFromMask(reach) << i;
#endif
  }
  return bits;
}

// The same for some tiles: a multiple of kTileRows bits.
HWY_INLINE std::uint64_t bits_of_tiles(const float* HWY_RESTRICT bounds,
                                       const float* HWY_RESTRICT limits, std::size_t tiles) {
  std::uint64_t bits = 0;
#pragma GCC unroll 4
  for (std::size_t t = 0; t < tiles; ++t)
    bits |= bits_reaching(bounds + t * kTileRows, limits[t]) << (t * kTileRows);
  return bits;
}

// Bits of four tiles first and rows behind them: few have any, and no one can guess which.
std::size_t reaching_target(const Int8Items& items, const Int8Query& query,
                            std::span<const float> bounds, float threshold, std::int32_t* passed) {
  constexpr std::size_t kTogether = 4;
  const std::size_t tiles = bounds.size() / kTileRows;
  std::size_t count = 0;
  for (std::size_t begin = 0; begin < tiles; begin += Slacks::kTiles) {
    const std::size_t end = std::min(begin + Slacks::kTiles, tiles);
    Slacks slacks(items, begin, end, query, 2);
    slacks.into_limits(threshold);
    for (std::size_t tile = begin; tile < end; tile += kTogether) {
      const float* const first = bounds.data() + tile * kTileRows;
      const float* const limits = slacks.of + (tile - begin);
      std::uint64_t bits = end - tile >= kTogether
                               ? bits_of_tiles(first, limits, kTogether)
                               : bits_of_tiles(first, limits, end - tile);
      for (; bits != 0; bits &= bits - 1)
        passed[count++] =
            static_cast<std::int32_t>(tile * kTileRows + hwy::Num0BitsBelowLS1Bit_Nonzero64(bits));
    }
  }
  return count;
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(scan_target);
HWY_EXPORT(bounds_target);
HWY_EXPORT(reached_target);
HWY_EXPORT(reaching_target);

void int8_scan(const Int8Items& items, std::int64_t tile_begin, std::int64_t tile_end,
               std::span<ScanQuery> queries) {
  CROSSFADE_CHECK(queries.size() <= kScanQueries, "too many queries for one scan");
  HWY_DYNAMIC_DISPATCH(scan_target)
  (items, static_cast<std::size_t>(tile_begin), static_cast<std::size_t>(tile_end), queries.data(),
   queries.size());
}

void int8_bounds(const Int8Items& items, const Int8Query& query, std::span<float> bounds) {
  CROSSFADE_CHECK(bounds.size() % kTileRows == 0, "bounds are those of whole tiles");
  HWY_DYNAMIC_DISPATCH(bounds_target)(items, query, bounds.size() / kTileRows, bounds.data());
}

float reached_by(std::span<const float> bounds, std::size_t k) {
  CROSSFADE_CHECK(bounds.size() % kTileRows == 0 && bounds.size() <= kMostBounds,
                  "bounds are looked at in whole tiles, not too many");
  constexpr std::size_t kFewest = 64;
  constexpr std::size_t kEach = 6;  // places for each of the k, so that few of them share one
  const std::size_t wanted = std::max(kFewest, kEach * std::min(k, bounds.size()));
  const std::size_t groups = (wanted + kTileRows - 1) / kTileRows * kTileRows;
  return HWY_DYNAMIC_DISPATCH(reached_target)(bounds.data(), bounds.size(), k,
                                              std::min(groups, bounds.size()));
}

std::size_t int8_reaching(const Int8Items& items, const Int8Query& query,
                          std::span<const float> bounds, float reached, std::int32_t* passed) {
  CROSSFADE_CHECK(bounds.size() % kTileRows == 0, "bounds are those of whole tiles");
  return HWY_DYNAMIC_DISPATCH(reaching_target)(items, query, bounds,
                                               query.reached_threshold(reached), passed);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
