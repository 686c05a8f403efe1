// A tile of rows by up to four vectors of columns stays in registers while the inner index runs;
// the contract is in matrix_product.h.
#include "crossfade/kernels/matrix_product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/matrix_product.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr std::size_t kVectors = 4;
// As many rows of four sums as there are registers for.
#if HWY_TARGET <= HWY_AVX3
constexpr std::size_t kMostRows = 6;
#else
constexpr std::size_t kMostRows = 3;
#endif

// Up to four neighbouring vectors; those beyond the tile's width are never touched.
struct Strip {
  V v0, v1, v2, v3;
};

template <std::size_t kWide>
HWY_INLINE Strip load(const float* HWY_RESTRICT from) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const V zero = hn::Zero(d);
  Strip strip{hn::LoadU(d, from), zero, zero, zero};
  if constexpr (kWide > 1) strip.v1 = hn::LoadU(d, from + lanes);
  if constexpr (kWide > 2) strip.v2 = hn::LoadU(d, from + 2 * lanes);
  if constexpr (kWide > 3) strip.v3 = hn::LoadU(d, from + 3 * lanes);
  return strip;
}

template <std::size_t kWide>
HWY_INLINE void store(const Strip& strip, float* HWY_RESTRICT to) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  hn::StoreU(strip.v0, d, to);
  if constexpr (kWide > 1) hn::StoreU(strip.v1, d, to + lanes);
  if constexpr (kWide > 2) hn::StoreU(strip.v2, d, to + 2 * lanes);
  if constexpr (kWide > 3) hn::StoreU(strip.v3, d, to + 3 * lanes);
}

template <std::size_t kWide>
HWY_INLINE void add_product(const float* a, const Strip& b, Strip& sum) {
  const V factor = hn::Set(D(), *a);
  sum.v0 = hn::MulAdd(factor, b.v0, sum.v0);
  if constexpr (kWide > 1) sum.v1 = hn::MulAdd(factor, b.v1, sum.v1);
  if constexpr (kWide > 2) sum.v2 = hn::MulAdd(factor, b.v2, sum.v2);
  if constexpr (kWide > 3) sum.v3 = hn::MulAdd(factor, b.v3, sum.v3);
}

// What is added to a row's sums.
template <std::size_t kWide>
HWY_INLINE Strip beside(const Product& p, std::size_t row, std::size_t column) {
  const V zero = hn::Zero(D());
  Strip sum{zero, zero, zero, zero};
  if (p.start) sum = load<kWide>(p.start + column);
  if (!p.add) return sum;
  const Strip old = load<kWide>(p.out + row * p.out_stride + column);
  return {hn::Add(old.v0, sum.v0), hn::Add(old.v1, sum.v1), hn::Add(old.v2, sum.v2),
          hn::Add(old.v3, sum.v3)};
}

// What they begin with: that, unless they are still to be multiplied.
template <std::size_t kWide>
HWY_INLINE Strip first_sum(const Product& p, std::size_t row, std::size_t column) {
  const V zero = hn::Zero(D());
  return p.scales ? Strip{zero, zero, zero, zero} : beside<kWide>(p, row, column);
}

template <std::size_t kWide>
HWY_INLINE void finish(const Product& p, std::size_t row, std::size_t column, Strip sum) {
  if (p.scales) {
    const V scale = hn::Set(D(), p.scales[row]);
    const Strip more = beside<kWide>(p, row, column);
    sum = {hn::MulAdd(scale, sum.v0, more.v0), hn::MulAdd(scale, sum.v1, more.v1),
           hn::MulAdd(scale, sum.v2, more.v2), hn::MulAdd(scale, sum.v3, more.v3)};
  }
  store<kWide>(sum, p.out + row * p.out_stride + column);
}

template <std::size_t kRows, std::size_t kWide>
HWY_INLINE void tile(const Product& p, std::size_t row, std::size_t column) {
  const std::size_t stride = p.a_stride;
  const float* HWY_RESTRICT a = p.a + row * stride;
  const float* HWY_RESTRICT b = p.b + column;
  Strip s0 = first_sum<kWide>(p, row, column), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
  if constexpr (kRows > 1) s1 = first_sum<kWide>(p, row + 1, column);
  if constexpr (kRows > 2) s2 = first_sum<kWide>(p, row + 2, column);
  if constexpr (kRows > 3) s3 = first_sum<kWide>(p, row + 3, column);
  if constexpr (kRows > 4) s4 = first_sum<kWide>(p, row + 4, column);
  if constexpr (kRows > 5) s5 = first_sum<kWide>(p, row + 5, column);
  for (std::size_t k = 0; k < p.inner; ++k, ++a, b += p.b_stride) {
    const Strip strip = load<kWide>(b);
    add_product<kWide>(a, strip, s0);
    if constexpr (kRows > 1) add_product<kWide>(a + stride, strip, s1);
    if constexpr (kRows > 2) add_product<kWide>(a + 2 * stride, strip, s2);
    if constexpr (kRows > 3) add_product<kWide>(a + 3 * stride, strip, s3);
    if constexpr (kRows > 4) add_product<kWide>(a + 4 * stride, strip, s4);
    if constexpr (kRows > 5) add_product<kWide>(a + 5 * stride, strip, s5);
  }
  finish<kWide>(p, row, column, s0);
  if constexpr (kRows > 1) finish<kWide>(p, row + 1, column, s1);
  if constexpr (kRows > 2) finish<kWide>(p, row + 2, column, s2);
  if constexpr (kRows > 3) finish<kWide>(p, row + 3, column, s3);
  if constexpr (kRows > 4) finish<kWide>(p, row + 4, column, s4);
  if constexpr (kRows > 5) finish<kWide>(p, row + 5, column, s5);
}

// Two neighbouring tiles of one row, whose sums do not wait for each other.
HWY_INLINE void wide_tile(const Product& p, std::size_t column) {
  const std::size_t next = kVectors * hn::Lanes(D());
  const float* HWY_RESTRICT b = p.b + column;
  Strip left = first_sum<kVectors>(p, 0, column), right = first_sum<kVectors>(p, 0, column + next);
  for (std::size_t k = 0; k < p.inner; ++k, b += p.b_stride) {
    add_product<kVectors>(p.a + k, load<kVectors>(b), left);
    add_product<kVectors>(p.a + k, load<kVectors>(b + next), right);
  }
  finish<kVectors>(p, 0, column, left);
  finish<kVectors>(p, 0, column + next, right);
}

// A tile of one row whose sums are taken in halves.
template <std::size_t kWide>
HWY_INLINE void halved_tile(const Product& p, std::size_t column) {
  const float* HWY_RESTRICT b = p.b + column;
  const V zero = hn::Zero(D());
  Strip even = first_sum<kWide>(p, 0, column), odd{zero, zero, zero, zero};
  std::size_t k = 0;
  for (; k + 2 <= p.inner; k += 2, b += 2 * p.b_stride) {
    add_product<kWide>(p.a + k, load<kWide>(b), even);
    add_product<kWide>(p.a + k + 1, load<kWide>(b + p.b_stride), odd);
  }
  if (k < p.inner) add_product<kWide>(p.a + k, load<kWide>(b), even);
  finish<kWide>(p, 0, column,
                {hn::Add(even.v0, odd.v0), hn::Add(even.v1, odd.v1), hn::Add(even.v2, odd.v2),
                 hn::Add(even.v3, odd.v3)});
}

// All rows of some columns, a tile after another.
template <std::size_t kWide>
HWY_INLINE void columns(const Product& p, std::size_t column) {
  if (p.halves) return halved_tile<kWide>(p, column);
  std::size_t row = 0;
  for (; row + kMostRows <= p.rows; row += kMostRows) tile<kMostRows, kWide>(p, row, column);
  if constexpr (kMostRows > 3)
    if (row + 3 <= p.rows) {
      tile<3, kWide>(p, row, column);
      row += 3;
    }
  if (row + 2 <= p.rows) {
    tile<2, kWide>(p, row, column);
    row += 2;
  }
  if (row < p.rows) tile<1, kWide>(p, row, column);
}

void multiply_target(const Product& p) {
  const std::size_t lanes = hn::Lanes(D());
  std::size_t column = 0;
  if (p.rows == 1 && !p.halves)
    for (; column + 2 * kVectors * lanes <= p.columns; column += 2 * kVectors * lanes)
      wide_tile(p, column);
  for (; column + kVectors * lanes <= p.columns; column += kVectors * lanes)
    columns<kVectors>(p, column);
  switch ((p.columns - column) / lanes) {
    case 3:
      return columns<3>(p, column);
    case 2:
      return columns<2>(p, column);
    case 1:
      return columns<1>(p, column);
    default:
      return;
  }
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(multiply_target);

void multiply(const Product& product) {
  CROSSFADE_CHECK(product.columns % kColumnGroup == 0, "the columns of a product are padded");
  CROSSFADE_CHECK(!product.halves || product.rows == 1, "sums in halves are those of one row");
  HWY_DYNAMIC_DISPATCH(multiply_target)(product);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
