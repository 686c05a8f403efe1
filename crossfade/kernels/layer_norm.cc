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

// x - mean, and zero in the padding.
HWY_INLINE V centred(const float* row, std::size_t i, std::size_t dims, V mean) {
  const D d;
  const V x = hn::Sub(hn::LoadU(d, row + i), mean);
  if (i + hn::Lanes(d) <= dims) return x;
  return hn::IfThenElseZero(hn::FirstN(d, i < dims ? dims - i : 0), x);
}

HWY_INLINE void normalise_row(const LayerNorm& norm, const float* row, float* out) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const V share = hn::Set(d, 1.0F / static_cast<float>(norm.dims));
  V sum = hn::Zero(d);
  for (std::size_t i = 0; i < norm.dims; i += lanes) sum = hn::Add(sum, hn::LoadU(d, row + i));
  const V mean = hn::Mul(hn::SumOfLanes(d, sum), share);
  V squares = hn::Zero(d);
  for (std::size_t i = 0; i < norm.dims; i += lanes) {
    const V x = centred(row, i, norm.dims, mean);
    squares = hn::MulAdd(x, x, squares);
  }
  const V variance = hn::Mul(hn::SumOfLanes(d, squares), share);
  const V scale = hn::Div(hn::Set(d, 1.0F), hn::Sqrt(hn::Add(variance, hn::Set(d, norm.epsilon))));
  for (std::size_t i = 0; i < padded_columns(norm.dims); i += lanes) {
    const V x = hn::Mul(centred(row, i, norm.dims, mean), scale);
    hn::StoreU(hn::MulAdd(x, hn::LoadU(d, norm.gain + i), hn::LoadU(d, norm.shift + i)), d,
               out + i);
  }
}

void normalise_target(const LayerNorm& norm) {
  for (std::size_t r = 0; r < norm.count; ++r)
    normalise_row(norm, norm.rows + r * norm.stride, norm.out + r * norm.out_stride);
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
