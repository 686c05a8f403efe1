// Float inner products for every instruction set; the contract and the error bound are in dot.h.
#include "crossfade/kernels/dot.h"

#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/dot.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// The end of every sum: both accumulators, then the elements from `i` on.
HWY_INLINE float finish(V even, V odd, const float* a, const float* b, std::size_t i,
                        std::size_t size) {
  float sum = hn::GetLane(hn::SumOfLanes(D(), hn::Add(even, odd)));
  for (; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

HWY_INLINE float dot_one(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                         std::size_t size) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  V even = hn::Zero(d), odd = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    even = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), even);
    odd = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), odd);
  }
  return finish(even, odd, a, b, i, size);
}

// Four rows at a time share the loads of the query and hide the latency of the sums.
HWY_INLINE void dot_four(const float* HWY_RESTRICT a, const float* const* rows, std::size_t size,
                         float* out) {
  const D d;
  const std::size_t lanes = hn::Lanes(d);
  const float *HWY_RESTRICT r0 = rows[0], *HWY_RESTRICT r1 = rows[1];
  const float *HWY_RESTRICT r2 = rows[2], *HWY_RESTRICT r3 = rows[3];
  V even0 = hn::Zero(d), even1 = even0, even2 = even0, even3 = even0;
  V odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
  std::size_t i = 0;
  for (; i + 2 * lanes <= size; i += 2 * lanes) {
    const V q = hn::LoadU(d, a + i);
    even0 = hn::MulAdd(q, hn::LoadU(d, r0 + i), even0);
    even1 = hn::MulAdd(q, hn::LoadU(d, r1 + i), even1);
    even2 = hn::MulAdd(q, hn::LoadU(d, r2 + i), even2);
    even3 = hn::MulAdd(q, hn::LoadU(d, r3 + i), even3);
    const V p = hn::LoadU(d, a + i + lanes);
    odd0 = hn::MulAdd(p, hn::LoadU(d, r0 + i + lanes), odd0);
    odd1 = hn::MulAdd(p, hn::LoadU(d, r1 + i + lanes), odd1);
    odd2 = hn::MulAdd(p, hn::LoadU(d, r2 + i + lanes), odd2);
    odd3 = hn::MulAdd(p, hn::LoadU(d, r3 + i + lanes), odd3);
  }
  out[0] = finish(even0, odd0, a, r0, i, size);
  out[1] = finish(even1, odd1, a, r1, i, size);
  out[2] = finish(even2, odd2, a, r2, i, size);
  out[3] = finish(even3, odd3, a, r3, i, size);
}

float dot_target(const float* a, const float* b, std::size_t size) {
  return dot_one(a, b, size);
}

void dot_rows_target(const float* query, std::size_t size, const float* rows, float* out,
                     std::size_t count) {
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const float* first = rows + r * size;
    const float* four[4] = {first, first + size, first + 2 * size, first + 3 * size};
    dot_four(query, four, size, out + r);
  }
  for (; r < count; ++r) out[r] = dot_one(query, rows + r * size, size);
}

void dot_gather_target(const float* query, std::size_t size, const float* rows,
                       const std::int32_t* ids, float* out, std::size_t count) {
  const auto row = [&](std::size_t j) { return rows + static_cast<std::size_t>(ids[j]) * size; };
  std::size_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const float* four[4] = {row(j), row(j + 1), row(j + 2), row(j + 3)};
    dot_four(query, four, size, out + j);
  }
  for (; j < count; ++j) out[j] = dot_one(query, row(j), size);
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(dot_target);
HWY_EXPORT(dot_rows_target);
HWY_EXPORT(dot_gather_target);

float dot(std::span<const float> a, std::span<const float> b) {
  CROSSFADE_CHECK(a.size() == b.size(), "the vectors of an inner product differ in size");
  return HWY_DYNAMIC_DISPATCH(dot_target)(a.data(), b.data(), a.size());
}

void dot_rows(std::span<const float> query, const float* rows, std::span<float> out) {
  HWY_DYNAMIC_DISPATCH(dot_rows_target)(query.data(), query.size(), rows, out.data(), out.size());
}

void dot_gather(std::span<const float> query, const float* rows, std::span<const std::int32_t> ids,
                std::span<float> out) {
  CROSSFADE_CHECK(ids.size() == out.size(), "one result for each row asked for");
  HWY_DYNAMIC_DISPATCH(dot_gather_target)
  (query.data(), query.size(), rows, ids.data(), out.data(), ids.size());
}

void prefetch_rows(const float* rows, std::int64_t dims, std::span<const std::int32_t> ids) {
  constexpr std::int64_t kFloatsPerLine = 16;
  for (std::int32_t id : ids)
    for (std::int64_t i = 0; i < dims; i += kFloatsPerLine) hwy::Prefetch(rows + id * dims + i);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
