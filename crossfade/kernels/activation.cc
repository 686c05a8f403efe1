// Whole vectors, and the rest through a padded one, so that a value's bytes do not depend on its
// place; the contract is in activation.h.
#include "crossfade/kernels/activation.h"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/activation.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// After highway.h, and once for every instruction set.
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Relu {
  HWY_INLINE V operator()(V x) const { return hn::Max(x, hn::Zero(D())); }
};

struct Gelu {
  // With z = |x| / sqrt(2), t = 1 / (1 + 0.3275911 z) and q = (a1 t + ... + a5 t^5) exp(-z^2),
  // erf(z) = 1 - q: so Phi(x) is 1 - q / 2 on the right and q / 2 on the left.
  HWY_INLINE V operator()(V x) const {
    const D d;
    const V z = hn::Mul(hn::Abs(x), hn::Set(d, 0.70710678F)), one = hn::Set(d, 1.0F);
    const V t = hn::Div(one, hn::MulAdd(z, hn::Set(d, 0.3275911F), one));
    V q = hn::MulAdd(t, hn::Set(d, 1.061405429F), hn::Set(d, -1.453152027F));
    q = hn::MulAdd(t, q, hn::Set(d, 1.421413741F));
    q = hn::MulAdd(t, q, hn::Set(d, -0.284496736F));
    q = hn::MulAdd(t, q, hn::Set(d, 0.254829592F));
    q = hn::Mul(hn::Mul(t, q), hn::Exp(d, hn::Neg(hn::Mul(z, z))));
    const V left = hn::Mul(hn::Set(d, 0.5F), q);
    return hn::Mul(x, hn::IfThenElse(hn::Lt(x, hn::Zero(d)), left, hn::Sub(one, left)));
  }
};

template <class Function>
HWY_INLINE void apply(const Function& function, float* HWY_RESTRICT values, std::size_t size) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes)
    hn::StoreU(function(hn::LoadU(d, values + i)), d, values + i);
  if (i == size) return;
  HWY_ALIGN float rest[hn::MaxLanes(D())] = {};
  for (std::size_t j = i; j < size; ++j) rest[j - i] = values[j];
  hn::Store(function(hn::Load(d, rest)), d, rest);
  for (std::size_t j = i; j < size; ++j) values[j] = rest[j - i];
}

void relu_target(float* values, std::size_t size) {
  apply(Relu(), values, size);
}

void gelu_target(float* values, std::size_t size) {
  apply(Gelu(), values, size);
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace crossfade::kernels {

HWY_EXPORT(relu_target);
HWY_EXPORT(gelu_target);

void relu(std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(relu_target)(values.data(), values.size());
}

void gelu(std::span<float> values) {
  HWY_DYNAMIC_DISPATCH(gelu_target)(values.data(), values.size());
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
