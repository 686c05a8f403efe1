// Blocks of four by four go through registers; the contract is in rows.h.
#include "crossfade/kernels/rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/rows.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void add_scaled_target(const float* HWY_RESTRICT a, float scale, const float* HWY_RESTRICT b,
                       float* HWY_RESTRICT out, std::size_t size) {
  const hn::ScalableTag<float> d;
  const auto scales = hn::Set(d, scale);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= size; i += hn::Lanes(d))
    hn::StoreU(hn::MulAdd(scales, hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, out + i);
  for (; i < size; ++i) out[i] = scale * a[i] + b[i];
}

HWY_INLINE void scalar_block(const Transposition& t, std::size_t r, std::size_t end,
                             std::size_t c) {
  for (; r < end; ++r) t.to[c * t.to_stride + r] = t.from[r * t.stride + c];
}

constexpr std::size_t kBlock = 4;

HWY_INLINE void block(const Transposition& t, std::size_t r, std::size_t c) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = c; i < c + kBlock; ++i) scalar_block(t, r, r + kBlock, i);
#else
  const hn::FixedTag<float, 4> d;
  const hn::FixedTag<double, 2> pairs;
  const float* HWY_RESTRICT from = t.from + r * t.stride + c;
  float* HWY_RESTRICT to = t.to + c * t.to_stride + r;
  const auto r0 = hn::LoadU(d, from), r1 = hn::LoadU(d, from + t.stride);
  const auto r2 = hn::LoadU(d, from + 2 * t.stride), r3 = hn::LoadU(d, from + 3 * t.stride);
  // 00 10 01 11 and so on: the two rows of a pair stand side by side.
  const auto low0 = hn::BitCast(pairs, hn::InterleaveLower(d, r0, r1));
  const auto low1 = hn::BitCast(pairs, hn::InterleaveLower(d, r2, r3));
  const auto high0 = hn::BitCast(pairs, hn::InterleaveUpper(d, r0, r1));
  const auto high1 = hn::BitCast(pairs, hn::InterleaveUpper(d, r2, r3));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, low0, low1)), d, to);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, low0, low1)), d, to + t.to_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, high0, high1)), d, to + 2 * t.to_stride);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, high0, high1)), d, to + 3 * t.to_stride);
#endif
}

void transpose_target(const Transposition& t) {
  constexpr std::size_t kLine = 16;  // rows whose columns fill a cache line of the result
  for (std::size_t first = 0; first < t.rows; first += kLine) {
    const std::size_t end = first + kLine < t.rows ? first + kLine : t.rows;
    std::size_t c = 0;
    for (; c + kBlock <= t.columns; c += kBlock) {
      std::size_t r = first;
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

HWY_EXPORT(add_scaled_target);
HWY_EXPORT(transpose_target);

void add_scaled(std::span<const float> a, float scale, std::span<const float> b,
                std::span<float> out) {
  CROSSFADE_CHECK(a.size() == out.size() && b.size() == out.size(), "the rows of a sum fit");
  HWY_DYNAMIC_DISPATCH(add_scaled_target)(a.data(), scale, b.data(), out.data(), out.size());
}

void transpose(const Transposition& work) {
  HWY_DYNAMIC_DISPATCH(transpose_target)(work);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
