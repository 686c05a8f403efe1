// Blocks of four columns go through registers; the contract is in rows.h.
#include "crossfade/kernels/rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/rows.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE void pick_one(const PickedSums& work, std::size_t r) {
  const hn::ScalableTag<float> d;
  const float* HWY_RESTRICT a =
      work.table + static_cast<std::size_t>(work.ids[r]) * work.table_stride;
  const float* HWY_RESTRICT b = work.more + r * work.more_stride;
  float* HWY_RESTRICT out = work.out + r * work.out_stride;
  const auto factor = hn::Set(d, work.factor);
  std::size_t i = 0;
  if (work.scales == nullptr) {
    for (; i + hn::Lanes(d) <= work.columns; i += hn::Lanes(d))
      hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
    for (; i < work.columns; ++i) out[i] = work.factor * a[i] + b[i];
    return;
  }
  const float scale = work.scales[r];
  for (; i + hn::Lanes(d) <= work.columns; i += hn::Lanes(d)) {
    const auto sum = hn::MulAdd(factor, hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    const auto start = work.start ? hn::LoadU(d, work.start + i) : hn::Zero(d);
    hn::StoreU(hn::MulAdd(sum, hn::Set(d, scale), start), d, out + i);
  }
  for (; i < work.columns; ++i)
    out[i] = (work.factor * a[i] + b[i]) * scale + (work.start ? work.start[i] : 0);
}

// Rows of a table lie anywhere: some are asked for before their turn.
void pick_target(const PickedSums& work) {
  constexpr std::size_t kAhead = 12, kLine = 16;
  for (std::size_t r = 0; r < work.ids.size(); ++r) {
    if (work.ahead > 0 && r + kAhead < work.ids.size()) {
      const float* row =
          work.table + static_cast<std::size_t>(work.ids[r + kAhead]) * work.table_stride;
      for (std::size_t i = 0; i < work.ahead; i += kLine) hwy::Prefetch(row + i);
    }
    pick_one(work, r);
  }
}

HWY_INLINE void scalar_block(const Transposition& t, std::size_t r, std::size_t end,
                             std::size_t c) {
  for (; r < end; ++r) t.to[c * t.to_stride + r] = t.from[r * t.stride + c];
}

constexpr std::size_t kBlock = 4;

#if HWY_TARGET != HWY_SCALAR
// Four rows, in each 128 bits of which four columns stand, as vectors of these columns.
template <class D>
struct FourRows {
  hn::Vec<D> r0, r1, r2, r3;
};

template <class D>
HWY_INLINE void put_columns(D d, const FourRows<D>& rows, float* HWY_RESTRICT to,
                            std::size_t stride) {
  const hn::RepartitionToWide<D> pairs;
  // 00 10 01 11 and so on: the two rows of a pair stand side by side.
  const auto low0 = hn::BitCast(pairs, hn::InterleaveLower(d, rows.r0, rows.r1));
  const auto low1 = hn::BitCast(pairs, hn::InterleaveLower(d, rows.r2, rows.r3));
  const auto high0 = hn::BitCast(pairs, hn::InterleaveUpper(d, rows.r0, rows.r1));
  const auto high1 = hn::BitCast(pairs, hn::InterleaveUpper(d, rows.r2, rows.r3));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low0, low1)), d, to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low0, low1)), d, to + stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high0, high1)), d, to + 2 * stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high0, high1)), d, to + 3 * stride);
}
#endif

HWY_INLINE void block(const Transposition& t, std::size_t r, std::size_t c) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = c; i < c + kBlock; ++i) scalar_block(t, r, r + kBlock, i);
#else
  const hn::FixedTag<float, 4> d;
  const float* HWY_RESTRICT from = t.from + r * t.stride + c;
  float* HWY_RESTRICT to = t.to + c * t.to_stride + r;
  const auto r0 = hn::LoadU(d, from), r1 = hn::LoadU(d, from + t.stride);
  const auto r2 = hn::LoadU(d, from + 2 * t.stride), r3 = hn::LoadU(d, from + 3 * t.stride);
  put_columns(d, {r0, r1, r2, r3}, to, t.to_stride);
#endif
}

// Sixteen rows of four columns: on AVX-512 each vector gathers four rows' parts.
HWY_INLINE void wide_block(const Transposition& t, std::size_t r, std::size_t c) {
#if HWY_TARGET <= HWY_AVX3
  const hn::FixedTag<float, 16> d;
  const float* HWY_RESTRICT from = t.from + r * t.stride + c;
  float* HWY_RESTRICT to = t.to + c * t.to_stride + r;
  const auto gather = [&](std::size_t first) HWY_ATTR {
    const float* at = from + first * t.stride;
    __m512 rows = _mm512_castps128_ps512(_mm_loadu_ps(at));
    rows = _mm512_insertf32x4(rows, _mm_loadu_ps(at + 4 * t.stride), 1);
    rows = _mm512_insertf32x4(rows, _mm_loadu_ps(at + 8 * t.stride), 2);
    return hn::Vec<decltype(d)>{_mm512_insertf32x4(rows, _mm_loadu_ps(at + 12 * t.stride), 3)};
  };
  const auto r0 = gather(0), r1 = gather(1), r2 = gather(2), r3 = gather(3);
  put_columns(d, {r0, r1, r2, r3}, to, t.to_stride);
#else
  for (std::size_t i = r; i < r + 16; i += kBlock) block(t, i, c);
#endif
}

void transpose_target(const Transposition& t) {
  constexpr std::size_t kLine = 16;  // rows whose columns fill a cache line of the result
  for (std::size_t first = 0; first < t.rows; first += kLine) {
    const std::size_t end = first + kLine < t.rows ? first + kLine : t.rows;
    std::size_t c = 0;
    for (; c + kBlock <= t.columns; c += kBlock) {
      std::size_t r = first;
      if (end - first == kLine) {
        wide_block(t, first, c);
        continue;
      }
      for (; r + kBlock <= end; r += kBlock) block(t, r, c);
      for (std::size_t i = c; i < c + kBlock; ++i) scalar_block(t, r, end, i);
    }
    for (; c < t.columns; ++c) scalar_block(t, first, end, c);
  }
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(pick_target);
HWY_EXPORT(transpose_target);

void pick_and_add(const PickedSums& work) {
  CROSSFADE_CHECK(work.start == nullptr || work.scales != nullptr, "a start comes with scales");
  HWY_DYNAMIC_DISPATCH(pick_target)(work);
}

void transpose(const Transposition& work) {
  HWY_DYNAMIC_DISPATCH(transpose_target)(work);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
