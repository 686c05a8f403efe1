// Whole vectors, and the rest through a padded one, so that a value's bytes do not depend on its
// place; the contract is in activation.h.
#include "crossfade/kernels/activation.h"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/activation.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Relu {
  HWY_INLINE V operator()(V x) const { return hn::Max(x, hn::Zero(D())); }
};

struct Gelu {
  // Phi(x) = 1/2 + erf(x / sqrt(2)) / 2 = 1/2 + x p(x^2) / q(x^2) up to where erf is 1 in float.
  HWY_INLINE V operator()(V x) const {
    const D d;
    const V end = hn::Set(d, 5.656854F), half = hn::Set(d, 0.5F);
    const V u = hn::Min(hn::Max(hn::Neg(end), x), end), s = hn::Mul(u, u);
    V p = hn::MulAdd(s, hn::Set(d, 1.055746660e-10F), hn::Set(d, -2.145990475e-08F));
    p = hn::MulAdd(s, p, hn::Set(d, 3.254634398e-06F));
    p = hn::MulAdd(s, p, hn::Set(d, 1.763618782e-04F));
    p = hn::MulAdd(s, p, hn::Set(d, 4.554209307e-03F));
    p = hn::MulAdd(s, p, hn::Set(d, 3.661506798e-02F));
    p = hn::MulAdd(s, p, hn::Set(d, 3.989422545e-01F));
    V q = hn::MulAdd(s, hn::Set(d, 6.382026949e-05F), hn::Set(d, 1.869768302e-03F));
    q = hn::MulAdd(s, q, hn::Set(d, 2.949277530e-02F));
    q = hn::MulAdd(s, q, hn::Set(d, 2.584459884e-01F));
    q = hn::MulAdd(s, q, hn::Set(d, 1.0F));
    const V phi = hn::MulAdd(u, hn::Div(p, q), half);
    return hn::Mul(x, hn::IfThenZeroElse(hn::Lt(x, hn::Neg(end)), phi));
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
