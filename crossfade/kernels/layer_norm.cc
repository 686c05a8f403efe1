// Mean first and the squares of what is left after it, which loses no digits where the mean is
// large; the contract is in layer_norm.h.
#include "crossfade/kernels/layer_norm.h"

#include "crossfade/kernels/matrix_product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/layer_norm.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr std::size_t kRows = 4;  // that are summed together

// x - mean, and zero in the padding.
HWY_INLINE V centred(const float* row, std::size_t i, std::size_t dims, V mean) {
  const D d;
  const V x = hn::Sub(hn::LoadU(d, row + i), mean);
  if (i + hn::Lanes(d) <= dims) return x;
  return hn::IfThenElseZero(hn::FirstN(d, i < dims ? dims - i : 0), x);
}

#if HWY_TARGET != HWY_SCALAR
using Four = hn::Vec<hn::FixedTag<float, kRows>>;

template <class Half, class Whole>
HWY_INLINE Four fold(Half d, Whole v) {
  if constexpr (hn::MaxLanes(d) == kRows)
    return v;
  else
    return fold(hn::Half<Half>(),
                hn::Add(hn::LowerHalf(hn::Half<Half>(), v), hn::UpperHalf(hn::Half<Half>(), v)));
}
#endif

// The sums of the lanes of one or four vectors, side by side: half as many steps as one after
// another. A vector's sum is the same alone and among others.
template <std::size_t kCount>
HWY_INLINE void sum_lanes(const V (&rows)[kCount], float* HWY_RESTRICT sums) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t r = 0; r < kCount; ++r) sums[r] = hn::GetLane(rows[r]);
#else
  const D d;
  const hn::Repartition<double, D> pairs;
  const V r0 = rows[0], r1 = rows[kCount / 4], r2 = rows[kCount / 2], r3 = rows[kCount - 1];
  const V a = hn::Add(hn::InterleaveLower(d, r0, r1), hn::InterleaveUpper(d, r0, r1));
  const V b = hn::Add(hn::InterleaveLower(d, r2, r3), hn::InterleaveUpper(d, r2, r3));
  const auto c = hn::BitCast(pairs, a), e = hn::BitCast(pairs, b);
  const V all = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, c, e)),
                        hn::BitCast(d, hn::InterleaveUpper(pairs, c, e)));
  hn::StoreU(fold(d, all), hn::FixedTag<float, kRows>(), sums);
#endif
}

// 1 / sqrt(squares * share + epsilon), of all at once.
HWY_INLINE void inverse_roots(const LayerNorm& norm, float* HWY_RESTRICT squares) {
  const hn::CappedTag<float, kRows> d;
  for (std::size_t r = 0; r < kRows; r += hn::Lanes(d)) {
    const auto variance =
        hn::Mul(hn::Load(d, squares + r), hn::Set(d, 1.0F / static_cast<float>(norm.dims)));
    const auto root = hn::Sqrt(hn::Add(variance, hn::Set(d, norm.epsilon)));
    hn::Store(hn::Div(hn::Set(d, 1.0F), root), d, squares + r);
  }
}

template <std::size_t kCount>
HWY_INLINE void normalise_rows(const LayerNorm& norm, std::size_t first) {
  const D d;
  const std::size_t lanes = hn::Lanes(d), stride = norm.stride;
  const float* const row = norm.rows + first * stride;
  V sum[kCount], squares[kCount];
  HWY_ALIGN float means[kRows] = {}, scales[kRows] = {};
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kCount; ++r) sum[r] = squares[r] = hn::Zero(d);
  for (std::size_t i = 0; i < norm.dims; i += lanes)
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kCount; ++r)
      sum[r] = hn::Add(sum[r], hn::LoadU(d, row + r * stride + i));
  sum_lanes(sum, means);
  for (std::size_t r = 0; r < kCount; ++r) means[r] *= 1.0F / static_cast<float>(norm.dims);
  for (std::size_t i = 0; i < norm.dims; i += lanes)
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kCount; ++r) {
      const V x = centred(row + r * stride, i, norm.dims, hn::Set(d, means[r]));
      squares[r] = hn::MulAdd(x, x, squares[r]);
    }
  sum_lanes(squares, scales);
  inverse_roots(norm, scales);
  float* const out = norm.out + first * norm.out_stride;
  for (std::size_t i = 0; i < padded_columns(norm.dims); i += lanes) {
    const V gain = hn::LoadU(d, norm.gain + i), shift = hn::LoadU(d, norm.shift + i);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kCount; ++r) {
      const V x = centred(row + r * stride, i, norm.dims, hn::Set(d, means[r]));
      hn::StoreU(hn::MulAdd(hn::Mul(x, hn::Set(d, scales[r])), gain, shift), d,
                 out + r * norm.out_stride + i);
    }
  }
  if (norm.scales == nullptr) return;
  for (std::size_t r = 0; r < kCount; ++r) norm.scales[first + r] = scales[r];
}

void normalise_target(const LayerNorm& norm) {
  std::size_t r = 0;
  for (; r + kRows <= norm.count; r += kRows) normalise_rows<kRows>(norm, r);
  for (; r < norm.count; ++r) normalise_rows<1>(norm, r);
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace crossfade::kernels {

HWY_EXPORT(normalise_target);

void normalise(const LayerNorm& norm) {
  HWY_DYNAMIC_DISPATCH(normalise_target)(norm);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
