// Conjugate gradients for every instruction set; the method and its contract are in ridge.h.
//
// All vectors here are padded to whole cache lines with zeros, observations to groups of eight with
// weight zero, so that no loop has a remainder.
#include "crossfade/kernels/ridge.h"

#include <cstring>

#ifndef CROSSFADE_KERNELS_RIDGE_ONCE  // this file is read once per instruction set
#define CROSSFADE_KERNELS_RIDGE_ONCE
namespace crossfade::kernels {
namespace {

constexpr std::size_t kLineFloats = 16;
constexpr std::size_t kGroup = 8;  // rows that share one pass over a vector

// What the public class hands to an instruction set's code. `padded` is dims, rounded up.
struct CgWork {
  const float* rows;
  const std::int32_t* indices;
  std::size_t dims, padded, count, block_rows;
  float* block;
  // Padded vectors. At the start, solution holds x, residual the linear term, product the diagonal.
  float *scale, *solution, *residual, *direction, *product, *zeros;
  float *weights, *pulls, *dots, *predictions;  // count, rounded up to groups
  const std::int32_t* upcoming;
  std::size_t num_upcoming;
  std::size_t steps;
  float tolerance;
};

struct CgResult {
  std::size_t steps;
  float objective;
};

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
  return (n + to - 1) / to * to;
}

}  // namespace
}  // namespace crossfade::kernels
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/ridge.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Fetches rows of the next problem into the second-level cache, a few lines at a time.
class Prefetcher {
 public:
  explicit Prefetcher(const CgWork& work) : work_(work) {}
  HWY_INLINE void fetch(std::size_t rows) {
    const std::size_t end = HWY_MIN(next_ + rows, work_.num_upcoming);
    for (; next_ < end; ++next_) {
      const float* row = work_.rows + static_cast<std::size_t>(work_.upcoming[next_]) * work_.dims;
      for (std::size_t k = 0; k < work_.dims; k += kLineFloats) __builtin_prefetch(row + k, 0, 2);
    }
  }

 private:
  const CgWork& work_;
  std::size_t next_ = 0;
};

// A long problem's rows were not all fetched while the one before was solved.
constexpr std::size_t kLongProblem = 128;
HWY_INLINE void prefetch_own(const CgWork& work, std::size_t j) {
  for (std::size_t i = j; i < HWY_MIN(j + kGroup, work.count); ++i) {
    const float* row = work.rows + static_cast<std::size_t>(work.indices[i]) * work.dims;
    for (std::size_t k = 0; k < work.dims; k += kLineFloats) __builtin_prefetch(row + k, 0, 3);
  }
}

// The distance of rows in the block: known to the compiler for common numbers of factors (0: not),
// which frees the registers that would hold addresses.
template <std::size_t kStride>
HWY_INLINE std::size_t stride_of(const CgWork& work) {
  return kStride > 0 ? kStride : work.padded;
}

// A row of the matrix; missing observations of the last group read zeros.
HWY_INLINE const float* row_of(const CgWork& work, std::size_t j) {
  return j < work.count ? work.rows + static_cast<std::size_t>(work.indices[j]) * work.dims
                        : work.zeros;
}

#if HWY_TARGET != HWY_SCALAR
// Two rounds of a transposition: the four sums stand in every 128-bit part, over which the parts
// are still to be added up.
HWY_INLINE V sum_four(V a, V b, V c, V e) {
  const D d;
  const V ac = hn::Add(hn::InterleaveLower(d, a, c), hn::InterleaveUpper(d, a, c));
  const V be = hn::Add(hn::InterleaveLower(d, b, e), hn::InterleaveUpper(d, b, e));
  return hn::Add(hn::InterleaveLower(d, ac, be), hn::InterleaveUpper(d, ac, be));
}
#endif

// One accumulator for each row of a group.
struct Sums {
  V v0, v1, v2, v3, v4, v5, v6, v7;
};
HWY_INLINE Sums no_sums() {
  const V zero = hn::Zero(D());
  return {zero, zero, zero, zero, zero, zero, zero, zero};
}

// The sums over the lanes, one row after another, stored in the width in which they are read again.
HWY_INLINE void reduce(const Sums& a, float* HWY_RESTRICT out) {
#if HWY_TARGET == HWY_SCALAR
  const V sums[kGroup] = {a.v0, a.v1, a.v2, a.v3, a.v4, a.v5, a.v6, a.v7};
  for (std::size_t i = 0; i < kGroup; ++i) out[i] = hn::GetLane(sums[i]);
#else
  const V low = sum_four(a.v0, a.v1, a.v2, a.v3), high = sum_four(a.v4, a.v5, a.v6, a.v7);
  const D d;
#if HWY_MAX_BYTES == 16
  hn::StoreU(low, d, out);
  hn::StoreU(high, d, out + 4);
#elif HWY_MAX_BYTES == 32
  hn::StoreU(hn::Add(hn::ConcatLowerLower(d, high, low), hn::ConcatUpperUpper(d, high, low)), d,
             out);
#else
  const hn::Half<D> half;
  const auto low8 = hn::Add(hn::LowerHalf(half, low), hn::UpperHalf(half, low));
  const auto high8 = hn::Add(hn::LowerHalf(half, high), hn::UpperHalf(half, high));
  hn::StoreU(
      hn::Add(hn::ConcatLowerLower(half, high8, low8), hn::ConcatUpperUpper(half, high8, low8)),
      half, out);
#endif
#endif
}

// dots = Z p for one group of rows of the block.
template <std::size_t kStride>
HWY_INLINE void group_dots(const CgWork& work, const float* HWY_RESTRICT z,
                           const float* HWY_RESTRICT p, float* HWY_RESTRICT dots) {
  const D d;
  const std::size_t stride = stride_of<kStride>(work);
  Sums a = no_sums();
  for (std::size_t k = 0; k < stride; k += hn::Lanes(d)) {
    const V v = hn::LoadU(d, p + k);
    a.v0 = hn::MulAdd(v, hn::LoadU(d, z + k), a.v0);
    a.v1 = hn::MulAdd(v, hn::LoadU(d, z + stride + k), a.v1);
    a.v2 = hn::MulAdd(v, hn::LoadU(d, z + 2 * stride + k), a.v2);
    a.v3 = hn::MulAdd(v, hn::LoadU(d, z + 3 * stride + k), a.v3);
    a.v4 = hn::MulAdd(v, hn::LoadU(d, z + 4 * stride + k), a.v4);
    a.v5 = hn::MulAdd(v, hn::LoadU(d, z + 5 * stride + k), a.v5);
    a.v6 = hn::MulAdd(v, hn::LoadU(d, z + 6 * stride + k), a.v6);
    a.v7 = hn::MulAdd(v, hn::LoadU(d, z + 7 * stride + k), a.v7);
  }
  reduce(a, dots);
}

// sum + v z, where z is a scaled part of a row that is kept at `out`.
HWY_INLINE V add_stored(V v, V scale, const float* HWY_RESTRICT row, float* HWY_RESTRICT out,
                        V sum) {
  const D d;
  const V z = hn::Mul(hn::LoadU(d, row), scale);
  hn::StoreU(z, d, out);
  return hn::MulAdd(v, z, sum);
}

// The same for rows j and on of the matrix, which are copied to the block, scaled, on the way.
template <std::size_t kStride>
HWY_INLINE void gather_dots(const CgWork& work, std::size_t j, float* HWY_RESTRICT z,
                            const float* HWY_RESTRICT p, float* HWY_RESTRICT dots) {
  const D d;
  const std::size_t stride = stride_of<kStride>(work);
  const float* HWY_RESTRICT scale = work.scale;
  const float *y0 = row_of(work, j), *y1 = row_of(work, j + 1), *y2 = row_of(work, j + 2);
  const float *y3 = row_of(work, j + 3), *y4 = row_of(work, j + 4), *y5 = row_of(work, j + 5);
  const float *y6 = row_of(work, j + 6), *y7 = row_of(work, j + 7);
  Sums a = no_sums();
  for (std::size_t k = 0; k < stride; k += hn::Lanes(d)) {
    const V v = hn::LoadU(d, p + k), s = hn::LoadU(d, scale + k);
    a.v0 = add_stored(v, s, y0 + k, z + k, a.v0);
    a.v1 = add_stored(v, s, y1 + k, z + stride + k, a.v1);
    a.v2 = add_stored(v, s, y2 + k, z + 2 * stride + k, a.v2);
    a.v3 = add_stored(v, s, y3 + k, z + 3 * stride + k, a.v3);
    a.v4 = add_stored(v, s, y4 + k, z + 4 * stride + k, a.v4);
    a.v5 = add_stored(v, s, y5 + k, z + 5 * stride + k, a.v5);
    a.v6 = add_stored(v, s, y6 + k, z + 6 * stride + k, a.v6);
    a.v7 = add_stored(v, s, y7 + k, z + 7 * stride + k, a.v7);
  }
  reduce(a, dots);
}

// Copies rows whose length is no whole number of lines to the block, scaled and padded.
HWY_NOINLINE void copy_rows(const CgWork& work, std::size_t j, float* HWY_RESTRICT block) {
  for (std::size_t i = 0; i < kGroup; ++i) {
    const float* HWY_RESTRICT row = row_of(work, j + i);
    float* HWY_RESTRICT out = block + i * work.padded;
    for (std::size_t k = 0; k < work.dims; ++k) out[k] = row[k] * work.scale[k];
    for (std::size_t k = work.dims; k < work.padded; ++k) out[k] = 0;
  }
}

// out += Z^T c for one group of rows of the block.
template <std::size_t kStride>
HWY_INLINE void group_back(const CgWork& work, const float* HWY_RESTRICT z,
                           const float* HWY_RESTRICT c, float* HWY_RESTRICT out) {
  const D d;
  const std::size_t stride = stride_of<kStride>(work);
  const V c0 = hn::Set(d, c[0]), c1 = hn::Set(d, c[1]), c2 = hn::Set(d, c[2]);
  const V c3 = hn::Set(d, c[3]), c4 = hn::Set(d, c[4]), c5 = hn::Set(d, c[5]);
  const V c6 = hn::Set(d, c[6]), c7 = hn::Set(d, c[7]);
  for (std::size_t k = 0; k < stride; k += hn::Lanes(d)) {
    V even = hn::MulAdd(c0, hn::LoadU(d, z + k), hn::LoadU(d, out + k));
    V odd = hn::Mul(c1, hn::LoadU(d, z + stride + k));
    even = hn::MulAdd(c2, hn::LoadU(d, z + 2 * stride + k), even);
    odd = hn::MulAdd(c3, hn::LoadU(d, z + 3 * stride + k), odd);
    even = hn::MulAdd(c4, hn::LoadU(d, z + 4 * stride + k), even);
    odd = hn::MulAdd(c5, hn::LoadU(d, z + 5 * stride + k), odd);
    even = hn::MulAdd(c6, hn::LoadU(d, z + 6 * stride + k), even);
    odd = hn::MulAdd(c7, hn::LoadU(d, z + 7 * stride + k), odd);
    hn::StoreU(hn::Add(even, odd), d, out + k);
  }
}

// What comes back from the inner products of a pass.
enum class Back { kNothing, kResidual, kProduct };

// The coefficients with which a group's rows come back, from its inner products.
template <Back kBack>
HWY_INLINE void coefficients(const CgWork& work, std::size_t j, float* HWY_RESTRICT c) {
  const hn::CappedTag<float, kGroup> d;
  for (std::size_t i = 0; i < kGroup; i += hn::Lanes(d)) {
    const auto weighted =
        hn::Mul(hn::LoadU(d, work.weights + j + i), hn::LoadU(d, work.dots + j + i));
    if constexpr (kBack == Back::kResidual)
      hn::StoreU(hn::Sub(hn::LoadU(d, work.pulls + j + i), weighted), d, c + i);
    else
      hn::StoreU(weighted, d, c + i);
  }
}

// dots = Z p over all observations and, added to out: Z^T (pulls - weights dots) or
// Z^T (weights dots). kGather: the block does not hold the rows yet.
template <std::size_t kStride, Back kBack, bool kGather>
HWY_NOINLINE void pass(const CgWork& work, const float* p, float* out, Prefetcher& prefetcher) {
  const bool whole_lines = work.dims == work.padded;
  if (work.count == 0) return;
  // A share of what is upcoming for each group of each pass: so memory is busy all the time.
  const std::size_t groups = (work.steps + 1) * (round_up(work.count, kGroup) / kGroup);
  const std::size_t ahead = (work.num_upcoming + groups - 1) / groups;
  std::size_t in_block = 0;
  for (std::size_t j = 0; j < work.count; j += kGroup, in_block += kGroup) {
    if (in_block == work.block_rows) in_block = 0;
    float* block = work.block + in_block * stride_of<kStride>(work);
    float* dots = work.dots + j;
    prefetcher.fetch(ahead);
    if (kGather && work.count > kLongProblem) prefetch_own(work, j + kLongProblem / 4);
    if (kGather && whole_lines) {
      gather_dots<kStride>(work, j, block, p, dots);
    } else {
      if constexpr (kGather) copy_rows(work, j, block);
      group_dots<kStride>(work, block, p, dots);
    }
    if constexpr (kBack == Back::kNothing) continue;
    HWY_ALIGN float c[kGroup];
    coefficients<kBack>(work, j, c);
    group_back<kStride>(work, block, c, out);
  }
}

HWY_INLINE float dot_padded(const float* a, const float* b, std::size_t size) {
  const D d;
  V sum = hn::Zero(d);
  for (std::size_t k = 0; k < size; k += hn::Lanes(d))
    sum = hn::MulAdd(hn::LoadU(d, a + k), hn::LoadU(d, b + k), sum);
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

// y = a x + b y
HWY_INLINE void combine(float a, const float* x, float b, float* y, std::size_t size) {
  const D d;
  const V va = hn::Set(d, a), vb = hn::Set(d, b);
  for (std::size_t k = 0; k < size; k += hn::Lanes(d)) {
    const V scaled = hn::Mul(vb, hn::LoadU(d, y + k));
    hn::StoreU(hn::MulAdd(va, hn::LoadU(d, x + k), scaled), d, y + k);
  }
}

// sum_j weights_j dots_j^2; the tail of the last group weighs nothing.
HWY_INLINE float weighted_square(const CgWork& work) {
  const hn::CappedTag<float, kGroup> d;
  auto sum = hn::Zero(d);
  for (std::size_t j = 0; j < round_up(work.count, kGroup); j += hn::Lanes(d)) {
    const auto dots = hn::LoadU(d, work.dots + j);
    sum = hn::MulAdd(hn::Mul(dots, dots), hn::LoadU(d, work.weights + j), sum);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

// sum_j (weights_j s_j - 2 pulls_j) s_j
HWY_INLINE float objective(const CgWork& work) {
  const hn::CappedTag<float, kGroup> d;
  const auto minus_two = hn::Set(d, -2.0F);
  auto sum = hn::Zero(d);
  for (std::size_t j = 0; j < round_up(work.count, kGroup); j += hn::Lanes(d)) {
    const auto s = hn::LoadU(d, work.predictions + j);
    const auto pull = hn::Mul(minus_two, hn::LoadU(d, work.pulls + j));
    sum = hn::MulAdd(hn::MulAdd(hn::LoadU(d, work.weights + j), s, pull), s, sum);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

// Turns x into the scaled unknowns D^1/2 x and starts the residual of the scaled problem. All
// vectors are whole lines; the padding of the diagonal is 1, and of everything else 0.
HWY_INLINE void start(const CgWork& work) {
  const D d;
  for (std::size_t k = 0; k < work.padded; k += hn::Lanes(d)) {
    const V root = hn::Sqrt(hn::LoadU(d, work.product + k));
    const V scale = hn::Div(hn::Set(d, 1.0F), root);
    const V x = hn::Mul(hn::LoadU(d, work.solution + k), root);
    hn::StoreU(scale, d, work.scale + k);
    hn::StoreU(x, d, work.solution + k);
    hn::StoreU(hn::Sub(hn::Mul(hn::LoadU(d, work.residual + k), scale), x), d, work.residual + k);
  }
}

template <std::size_t kStride>
HWY_INLINE CgResult cg(const CgWork& work) {
  const std::size_t size = work.padded, observed = round_up(work.count, kGroup);
  const bool fits = work.count <= work.block_rows;
  Prefetcher prefetcher(work);
  start(work);
  pass<kStride, Back::kResidual, true>(work, work.solution, work.residual, prefetcher);
  std::memcpy(work.predictions, work.dots, observed * sizeof(float));
  std::memcpy(work.direction, work.residual, size * sizeof(float));
  float rest = dot_padded(work.residual, work.residual, size);
  const float enough = rest * work.tolerance * work.tolerance;
  std::size_t step = 0;
  while (step < work.steps && rest > enough) {
    const bool last = ++step == work.steps;
    float curvature = 0;
    if (last) {  // only the step length is wanted, so nothing has to come back
      if (fits)
        pass<kStride, Back::kNothing, false>(work, work.direction, nullptr, prefetcher);
      else
        pass<kStride, Back::kNothing, true>(work, work.direction, nullptr, prefetcher);
      curvature = dot_padded(work.direction, work.direction, size) + weighted_square(work);
    } else {
      std::memcpy(work.product, work.direction, size * sizeof(float));
      if (fits)
        pass<kStride, Back::kProduct, false>(work, work.direction, work.product, prefetcher);
      else
        pass<kStride, Back::kProduct, true>(work, work.direction, work.product, prefetcher);
      curvature = dot_padded(work.direction, work.product, size);
    }
    const float length = rest / curvature;
    combine(length, work.direction, 1, work.solution, size);
    combine(length, work.dots, 1, work.predictions, round_up(work.count, kLineFloats));
    if (last) break;
    combine(-length, work.product, 1, work.residual, size);
    const float left = dot_padded(work.residual, work.residual, size);
    combine(1, work.residual, left / rest, work.direction, size);
    rest = left;
  }
  const D d;
  for (std::size_t k = 0; k < size; k += hn::Lanes(d))
    hn::StoreU(hn::Mul(hn::LoadU(d, work.solution + k), hn::LoadU(d, work.scale + k)), d,
               work.solution + k);
  return {step, objective(work)};
}

CgResult cg_target(const CgWork& work) {
  switch (work.padded) {
    case 64:
      return cg<64>(work);
    case 128:
      return cg<128>(work);
    default:
      return cg<0>(work);
  }
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(cg_target);

namespace {

constexpr std::size_t kVectors = 6;       // scale, solution, residual, direction, product, zeros
constexpr std::size_t kObservations = 4;  // weights, pulls, dots, predictions

// The first whole cache line of a buffer that has one line to spare.
float* aligned(std::vector<float>& buffer) {
  const auto at = reinterpret_cast<std::uintptr_t>(buffer.data());
  const std::size_t line_bytes = kLineFloats * sizeof(float);
  return buffer.data() + (line_bytes - at % line_bytes) % line_bytes / sizeof(float);
}

// Copies into a padded vector; an empty span is all padding.
void fill(std::span<const float> from, float padding, float* to, std::size_t size) {
  std::copy(from.begin(), from.end(), to);
  std::fill(to + from.size(), to + size, padding);
}

}  // namespace

RidgeSolver::RidgeSolver(std::size_t dims, std::size_t block_floats)
    : dims_(dims),
      block_rows_(std::max(kGroup, block_floats / round_up(dims, kLineFloats) / kGroup * kGroup)),
      vectors_(kVectors * round_up(dims, kLineFloats) + kLineFloats) {}

std::int64_t RidgeSolver::solve(const RidgeProblem& problem, const CgLimits& limits,
                                std::span<float> x) {
  const std::size_t count = problem.indices.size();
  CROSSFADE_CHECK(problem.dims == dims_ && x.size() == dims_ && problem.diagonal.size() == dims_,
                  "a ridge problem of other dimensions than its solver");
  CROSSFADE_CHECK(problem.weights.size() == count && problem.pulls.size() == count,
                  "one weight and one pull for each observation");
  const std::size_t padded = round_up(dims_, kLineFloats), observed = round_up(count, kLineFloats);
  const std::size_t block_size =
      std::min(round_up(count, kGroup), block_rows_) * padded + kLineFloats;
  if (block_.size() < block_size) block_.resize(block_size);
  if (observations_.size() < kObservations * observed + kLineFloats)
    observations_.resize(kObservations * observed + kLineFloats);

  CgWork work{};
  work.rows = problem.rows;
  work.indices = problem.indices.data();
  work.dims = dims_;
  work.padded = padded;
  work.count = count;
  work.block_rows = block_rows_;
  work.block = aligned(block_);
  float* vectors = aligned(vectors_);
  for (float** vector :
       {&work.scale, &work.solution, &work.residual, &work.direction, &work.product, &work.zeros})
    *vector = std::exchange(vectors, vectors + padded);
  float* lists = aligned(observations_);
  for (float** list : {&work.weights, &work.pulls, &work.dots, &work.predictions})
    *list = std::exchange(lists, lists + observed);
  work.upcoming = problem.upcoming.data();
  work.num_upcoming = problem.upcoming.size();
  work.steps = static_cast<std::size_t>(std::max<std::int64_t>(limits.steps, 0));
  work.tolerance = limits.tolerance;
  fill(x, 0, work.solution, padded);
  fill(problem.linear, 0, work.residual, padded);
  fill(problem.diagonal, 1, work.product, padded);
  fill(problem.weights, 0, work.weights, observed);
  fill(problem.pulls, 0, work.pulls, observed);
  fill({}, 0, work.dots, observed);

  const CgResult result = HWY_DYNAMIC_DISPATCH(cg_target)(work);
  std::copy(work.solution, work.solution + dims_, x.begin());
  predictions_ = {work.predictions, count};
  objective_ = result.objective;
  return static_cast<std::int64_t>(result.steps);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
