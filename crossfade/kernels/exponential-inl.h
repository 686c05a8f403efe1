// exp of a vector of floats, for kernels that include it once for every instruction set.
//
// e^x = 2^n 2^f with n = round(x log2 e): n is read off a sum with a number so large that its last
// bit is a one, and 2^f on [-1/2, 1/2] is a polynomial (minimax, degree 5, within 2e-7 of it).
#if defined(CROSSFADE_KERNELS_EXPONENTIAL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef CROSSFADE_KERNELS_EXPONENTIAL_INL_H
#undef CROSSFADE_KERNELS_EXPONENTIAL_INL_H
#else
#define CROSSFADE_KERNELS_EXPONENTIAL_INL_H
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {

// Of x <= 0, and of whatever lies below -87 as if it were that: 2e-38, which is nothing.
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V exp_below(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::RebindToSigned<D> bits;
  const V whole = hn::Set(d, 12582912.0F), log2e = hn::Set(d, 1.44269504F);
  x = hn::Max(hn::Set(d, -87.0F), x);  // in this order, so that what is no number stays none
  const V shifted = hn::MulAdd(x, log2e, whole);
  const V f = hn::MulSub(x, log2e, hn::Sub(shifted, whole));
  V p = hn::MulAdd(f, hn::Set(d, 0.00132647271F), hn::Set(d, 0.00967151265F));
  p = hn::MulAdd(f, p, hn::Set(d, 0.0555073374F));
  p = hn::MulAdd(f, p, hn::Set(d, 0.240222421F));
  p = hn::MulAdd(f, p, hn::Set(d, 0.693146978F));
  p = hn::MulAdd(f, p, hn::Set(d, 1.0F));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(bits, shifted));
  return hn::BitCast(d, hn::Add(hn::BitCast(bits, p), exponent));
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CROSSFADE_KERNELS_EXPONENTIAL_INL_H
