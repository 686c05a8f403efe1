// Products by vectors into a small buffer, sums by scalars, eight chains at a time; the contract is
// in half_dot.h.
#include "crossfade/kernels/half_dot.h"

#include <algorithm>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/half_dot.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kChains = 8;
constexpr std::size_t kPiece = 64;  // products of one pair that are made before they are summed

using D = hn::ScalableTag<float>;
using DHalf = hn::Rebind<hwy::float16_t, D>;

HWY_INLINE hn::Vec<D> load(const Half* halves) {
  return hn::PromoteTo(D(), hn::LoadU(DHalf(), reinterpret_cast<const hwy::float16_t*>(halves)));
}

HWY_INLINE void multiply(const Half* HWY_RESTRICT a, const Half* HWY_RESTRICT b, std::size_t size,
                         float* HWY_RESTRICT products) {
  const D d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= size; i += hn::Lanes(d))
    hn::StoreU(hn::Mul(load(a + i), load(b + i)), d, products + i);
  for (; i < size; ++i) products[i] = half_to_float(a[i]) * half_to_float(b[i]);
}

// Eight pairs; a group of fewer repeats its last one.
HWY_INLINE void eight_sums(const HalfPair* pairs, std::size_t dims, float* sums) {
  float products[kChains][kPiece];
  float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
  for (std::size_t begin = 0; begin < dims; begin += kPiece) {
    const std::size_t size = std::min(kPiece, dims - begin);
    for (std::size_t p = 0; p < kChains; ++p)
      multiply(pairs[p].a + begin, pairs[p].b + begin, size, products[p]);
    for (std::size_t i = 0; i < size; ++i) {
      s0 += products[0][i];
      s1 += products[1][i];
      s2 += products[2][i];
      s3 += products[3][i];
      s4 += products[4][i];
      s5 += products[5][i];
      s6 += products[6][i];
      s7 += products[7][i];
    }
  }
  const float all[kChains] = {s0, s1, s2, s3, s4, s5, s6, s7};
  std::copy(all, all + kChains, sums);
}

HWY_INLINE float one_sum(const HalfPair& pair, std::size_t dims) {
  float products[kPiece];
  float sum = 0;
  for (std::size_t begin = 0; begin < dims; begin += kPiece) {
    const std::size_t size = std::min(kPiece, dims - begin);
    multiply(pair.a + begin, pair.b + begin, size, products);
    for (std::size_t i = 0; i < size; ++i) sum += products[i];
  }
  return sum;
}

void half_dots_target(const HalfPair* pairs, std::size_t count, std::size_t dims, float* out) {
  std::size_t p = 0;
  while (p < count) {
    const std::size_t group = std::min(kChains, count - p);
    if (group == 1) {
      out[p] = one_sum(pairs[p], dims);
    } else {
      HalfPair eight[kChains];
      float sums[kChains];
      for (std::size_t i = 0; i < kChains; ++i) eight[i] = pairs[p + std::min(i, group - 1)];
      eight_sums(eight, dims, sums);
      std::copy(sums, sums + group, out + p);
    }
    p += group;
  }
  for (p = 0; p < count; ++p) out[p] = half_to_float(float_to_half(out[p]));
}

void halves_to_floats_target(const Half* halves, std::size_t size, float* out) {
  const D d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= size; i += hn::Lanes(d)) hn::StoreU(load(halves + i), d, out + i);
  for (; i < size; ++i) out[i] = half_to_float(halves[i]);
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(half_dots_target);
HWY_EXPORT(halves_to_floats_target);

void half_dots(std::span<const HalfPair> pairs, std::size_t dims, std::span<float> out) {
  CROSSFADE_CHECK(pairs.size() == out.size(), "one result for each pair of halves");
  HWY_DYNAMIC_DISPATCH(half_dots_target)(pairs.data(), pairs.size(), dims, out.data());
}

void halves_to_floats(std::span<const Half> halves, std::span<float> out) {
  CROSSFADE_CHECK(halves.size() == out.size(), "one float for each half");
  HWY_DYNAMIC_DISPATCH(halves_to_floats_target)(halves.data(), halves.size(), out.data());
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
