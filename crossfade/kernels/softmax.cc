// Two passes over a row that lies in the nearest cache; the contract is in softmax.h.
#include "crossfade/kernels/softmax.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/softmax.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After highway.h, and once for every instruction set.
#include "crossfade/kernels/exponential-inl.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// The lanes of the vector at `i` that count get their numbers, the others `instead`.
HWY_INLINE V load_valid(const float* HWY_RESTRICT row, std::size_t i, std::size_t valid,
                        V instead) {
  const D d;
  return hn::IfThenElse(hn::FirstN(d, valid - i), hn::LoadU(d, row + i), instead);
}

// 1 / the sum.
HWY_INLINE float softmax_row(float* HWY_RESTRICT row, std::size_t valid, std::size_t width) {
  const D d;
  const std::size_t lanes = hn::Lanes(d), whole = valid / lanes * lanes;
  const V lowest = hn::Set(d, -3.0e38F), zero = hn::Zero(d);
  V largest = lowest, sum = zero;
  std::size_t i = 0;
  for (; i < whole; i += lanes) largest = hn::Max(largest, hn::LoadU(d, row + i));
  if (i < valid) largest = hn::Max(largest, load_valid(row, i, valid, lowest));
  largest = hn::MaxOfLanes(d, largest);
  for (i = 0; i < whole; i += lanes) {
    const V e = exp_below(d, hn::Sub(hn::LoadU(d, row + i), largest));
    hn::StoreU(e, d, row + i);
    sum = hn::Add(sum, e);
  }
  if (i < valid) {
    const V e = exp_below(d, hn::Sub(load_valid(row, i, valid, lowest), largest));
    const V counted = hn::IfThenElseZero(hn::FirstN(d, valid - i), e);
    hn::StoreU(counted, d, row + i);
    sum = hn::Add(sum, counted);
    i += lanes;
  }
  for (; i < width; i += lanes) hn::StoreU(zero, d, row + i);
  const float all = hn::GetLane(hn::SumOfLanes(d, sum));
  return valid == 0 ? 0 : 1 / all;
}

void softmax_target(const SoftmaxRows& rows) {
  for (std::size_t r = 0; r < rows.count; ++r)
    rows.scales[r] =
        softmax_row(rows.rows + r * rows.stride, rows.valid + r * rows.growth, rows.width);
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"
#include "crossfade/kernels/matrix_product.h"

namespace crossfade::kernels {

HWY_EXPORT(softmax_target);

void softmax(const SoftmaxRows& rows) {
  CROSSFADE_CHECK(rows.width % kColumnGroup == 0, "the width of a softmax is padded");
  CROSSFADE_CHECK(rows.count == 0 || rows.valid + (rows.count - 1) * rows.growth <= rows.width,
                  "a row of a softmax holds what counts");
  HWY_DYNAMIC_DISPATCH(softmax_target)(rows);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
