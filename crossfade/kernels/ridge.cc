// Conjugate gradients for every instruction set; the method and its contract are in ridge.h.
//
// All vectors here are padded to whole cache lines with zeros, observations to groups of eight with
// weight zero, so that no loop has a remainder.
#include "crossfade/kernels/ridge.h"

#include <cmath>
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
  const float *diagonal, *linear;  // linear may be null
  float* block;
  float *scale, *solution, *residual, *direction, *product;  // padded entries each
  float *weights, *pulls, *dots, *predictions;               // count, rounded up to groups
  std::size_t steps;
  float tolerance;
};

constexpr std::size_t round_up(std::size_t n, std::size_t to) {
  return (n + to - 1) / to * to;
}

}  // namespace
}  // namespace crossfade::kernels
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crossfade/kernels/ridge.cc"
#include "hwy/cache_control.h"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace crossfade::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Copies rows `begin` to `end` of the problem, scaled, and fills the last group with zeros.
HWY_INLINE void gather(const CgWork& work, std::size_t begin, std::size_t end) {
  constexpr std::size_t kAhead = 16;
  const D d;
  const std::size_t lanes = hn::Lanes(d), whole = work.dims / lanes * lanes;
  float* HWY_RESTRICT out = work.block;
  for (std::size_t j = begin; j < end; ++j, out += work.padded) {
    if (j + kAhead < work.count) {
      const float* ahead =
          work.rows + static_cast<std::size_t>(work.indices[j + kAhead]) * work.dims;
      for (std::size_t k = 0; k < work.dims; k += kLineFloats) hwy::Prefetch(ahead + k);
    }
    const float* HWY_RESTRICT row =
        work.rows + static_cast<std::size_t>(work.indices[j]) * work.dims;
    for (std::size_t k = 0; k < whole; k += lanes)
      hn::StoreU(hn::Mul(hn::LoadU(d, row + k), hn::LoadU(d, work.scale + k)), d, out + k);
    for (std::size_t k = whole; k < work.dims; ++k) out[k] = row[k] * work.scale[k];
    for (std::size_t k = work.dims; k < work.padded; ++k) out[k] = 0;
  }
  const std::size_t missing = round_up(end - begin, kGroup) - (end - begin);
  for (std::size_t k = 0; k < missing * work.padded; ++k) out[k] = 0;
}

// The sums of four vectors, one after another.
HWY_INLINE void sum_four(V a, V b, V c, V e, float* HWY_RESTRICT out) {
  const D d;
#if HWY_TARGET == HWY_SCALAR
  out[0] = hn::GetLane(a);
  out[1] = hn::GetLane(b);
  out[2] = hn::GetLane(c);
  out[3] = hn::GetLane(e);
  (void)d;
#else
  // Two rounds of a transposition leave the four sums in every 128-bit part.
  const V ac = hn::Add(hn::InterleaveLower(d, a, c), hn::InterleaveUpper(d, a, c));
  const V be = hn::Add(hn::InterleaveLower(d, b, e), hn::InterleaveUpper(d, b, e));
  const V all = hn::Add(hn::InterleaveLower(d, ac, be), hn::InterleaveUpper(d, ac, be));
  HWY_ALIGN float parts[hn::MaxLanes(d)];
  hn::Store(all, d, parts);
  const hn::FixedTag<float, 4> four;
  auto sum = hn::Load(four, parts);
  for (std::size_t i = 4; i < hn::Lanes(d); i += 4) sum = hn::Add(sum, hn::Load(four, parts + i));
  hn::StoreU(sum, four, out);
#endif
}

// dots = Z p for one group of rows.
HWY_INLINE void group_dots(const float* HWY_RESTRICT z, std::size_t padded,
                           const float* HWY_RESTRICT p, float* HWY_RESTRICT dots) {
  const D d;
  const float *z0 = z, *z1 = z + padded, *z2 = z1 + padded, *z3 = z2 + padded;
  const float *z4 = z3 + padded, *z5 = z4 + padded, *z6 = z5 + padded, *z7 = z6 + padded;
  V a0 = hn::Zero(d), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (std::size_t k = 0; k < padded; k += hn::Lanes(d)) {
    const V v = hn::LoadU(d, p + k);
    a0 = hn::MulAdd(v, hn::LoadU(d, z0 + k), a0);
    a1 = hn::MulAdd(v, hn::LoadU(d, z1 + k), a1);
    a2 = hn::MulAdd(v, hn::LoadU(d, z2 + k), a2);
    a3 = hn::MulAdd(v, hn::LoadU(d, z3 + k), a3);
    a4 = hn::MulAdd(v, hn::LoadU(d, z4 + k), a4);
    a5 = hn::MulAdd(v, hn::LoadU(d, z5 + k), a5);
    a6 = hn::MulAdd(v, hn::LoadU(d, z6 + k), a6);
    a7 = hn::MulAdd(v, hn::LoadU(d, z7 + k), a7);
  }
  sum_four(a0, a1, a2, a3, dots);
  sum_four(a4, a5, a6, a7, dots + 4);
}

// out += Z^T c for one group of rows.
HWY_INLINE void group_back(const float* HWY_RESTRICT z, std::size_t padded,
                           const float* HWY_RESTRICT c, float* HWY_RESTRICT out) {
  const D d;
  const float *z0 = z, *z1 = z + padded, *z2 = z1 + padded, *z3 = z2 + padded;
  const float *z4 = z3 + padded, *z5 = z4 + padded, *z6 = z5 + padded, *z7 = z6 + padded;
  const V c0 = hn::Set(d, c[0]), c1 = hn::Set(d, c[1]), c2 = hn::Set(d, c[2]);
  const V c3 = hn::Set(d, c[3]), c4 = hn::Set(d, c[4]), c5 = hn::Set(d, c[5]);
  const V c6 = hn::Set(d, c[6]), c7 = hn::Set(d, c[7]);
  for (std::size_t k = 0; k < padded; k += hn::Lanes(d)) {
    V even = hn::MulAdd(c0, hn::LoadU(d, z0 + k), hn::LoadU(d, out + k));
    V odd = hn::Mul(c1, hn::LoadU(d, z1 + k));
    even = hn::MulAdd(c2, hn::LoadU(d, z2 + k), even);
    odd = hn::MulAdd(c3, hn::LoadU(d, z3 + k), odd);
    even = hn::MulAdd(c4, hn::LoadU(d, z4 + k), even);
    odd = hn::MulAdd(c5, hn::LoadU(d, z5 + k), odd);
    even = hn::MulAdd(c6, hn::LoadU(d, z6 + k), even);
    odd = hn::MulAdd(c7, hn::LoadU(d, z7 + k), odd);
    hn::StoreU(hn::Add(even, odd), d, out + k);
  }
}

// What comes back from the inner products of a pass.
enum class Back { kNothing, kResidual, kProduct };

// dots = Z p over all observations and, added to out: Z^T (pulls - weights dots) or
// Z^T (weights dots).
template <Back kBack>
HWY_INLINE void pass(const CgWork& work, bool gathered, const float* p, float* out) {
  for (std::size_t begin = 0; begin < work.count; begin += work.block_rows) {
    const std::size_t end = HWY_MIN(begin + work.block_rows, work.count);
    if (!gathered) gather(work, begin, end);
    const float* z = work.block;
    for (std::size_t j = begin; j < end; j += kGroup, z += kGroup * work.padded) {
      float* dots = work.dots + j;
      group_dots(z, work.padded, p, dots);
      if constexpr (kBack == Back::kNothing) continue;
      float c[kGroup];
      for (std::size_t i = 0; i < kGroup; ++i) {
        const float weighted = work.weights[j + i] * dots[i];
        c[i] = kBack == Back::kResidual ? work.pulls[j + i] - weighted : weighted;
      }
      group_back(z, work.padded, c, out);
    }
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
  float sums[kGroup] = {};
  for (std::size_t j = 0; j < work.count; j += kGroup)
    for (std::size_t i = 0; i < kGroup; ++i)
      sums[i] += work.weights[j + i] * work.dots[j + i] * work.dots[j + i];
  float total = 0;
  for (float sum : sums) total += sum;
  return total;
}

// Turns x into the scaled unknowns D^1/2 x and starts the residual of the scaled problem.
HWY_INLINE void start(const CgWork& work) {
  for (std::size_t k = 0; k < work.dims; ++k) work.scale[k] = 1 / std::sqrt(work.diagonal[k]);
  for (std::size_t k = work.dims; k < work.padded; ++k) work.scale[k] = 0;
  for (std::size_t k = 0; k < work.dims; ++k) {
    work.solution[k] *= work.diagonal[k] * work.scale[k];
    work.residual[k] = (work.linear ? work.linear[k] * work.scale[k] : 0) - work.solution[k];
  }
  for (std::size_t k = work.dims; k < work.padded; ++k) work.residual[k] = work.solution[k] = 0;
}

std::size_t cg_target(const CgWork& work) {
  const std::size_t size = work.padded, observed = round_up(work.count, kGroup);
  const bool fits = work.count <= work.block_rows;
  start(work);
  pass<Back::kResidual>(work, false, work.solution, work.residual);
  std::memcpy(work.predictions, work.dots, observed * sizeof(float));
  std::memcpy(work.direction, work.residual, size * sizeof(float));
  float rest = dot_padded(work.residual, work.residual, size);
  const float enough = rest * work.tolerance * work.tolerance;
  std::size_t step = 0;
  while (step < work.steps && rest > enough) {
    const bool last = ++step == work.steps;
    float curvature = 0;
    if (last) {  // only the step length is wanted, so nothing has to come back
      pass<Back::kNothing>(work, fits, work.direction, nullptr);
      curvature = dot_padded(work.direction, work.direction, size) + weighted_square(work);
    } else {
      std::memcpy(work.product, work.direction, size * sizeof(float));
      pass<Back::kProduct>(work, fits, work.direction, work.product);
      curvature = dot_padded(work.direction, work.product, size);
    }
    const float length = rest / curvature;
    combine(length, work.direction, 1, work.solution, size);
    for (std::size_t j = 0; j < observed; ++j) work.predictions[j] += length * work.dots[j];
    if (last) break;
    combine(-length, work.product, 1, work.residual, size);
    const float left = dot_padded(work.residual, work.residual, size);
    combine(1, work.residual, left / rest, work.direction, size);
    rest = left;
  }
  for (std::size_t k = 0; k < work.dims; ++k) work.solution[k] *= work.scale[k];
  return step;
}

}  // namespace crossfade::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

#include "crossfade/base/check.h"

namespace crossfade::kernels {

HWY_EXPORT(cg_target);

namespace {

constexpr std::size_t kVectors = 5;       // scale, solution, residual, direction, product
constexpr std::size_t kObservations = 4;  // weights, pulls, dots, predictions

// The first whole cache line of a buffer that has one line to spare.
float* aligned(std::vector<float>& buffer) {
  const auto at = reinterpret_cast<std::uintptr_t>(buffer.data());
  const std::size_t line_bytes = kLineFloats * sizeof(float);
  return buffer.data() + (line_bytes - at % line_bytes) % line_bytes / sizeof(float);
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

  float* vectors = aligned(vectors_);
  float* lists = aligned(observations_);
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(limits.steps, 0));
  const CgWork work{problem.rows,
                    problem.indices.data(),
                    dims_,
                    padded,
                    count,
                    block_rows_,
                    problem.diagonal.data(),
                    problem.linear.empty() ? nullptr : problem.linear.data(),
                    aligned(block_),
                    vectors,
                    vectors + padded,
                    vectors + 2 * padded,
                    vectors + 3 * padded,
                    vectors + 4 * padded,
                    lists,
                    lists + observed,
                    lists + 2 * observed,
                    lists + 3 * observed,
                    steps,
                    limits.tolerance};
  std::copy(x.begin(), x.end(), work.solution);
  std::copy(problem.weights.begin(), problem.weights.end(), work.weights);
  std::copy(problem.pulls.begin(), problem.pulls.end(), work.pulls);
  std::fill(work.weights + count, work.weights + observed, 0.0F);
  std::fill(work.pulls + count, work.pulls + observed, 0.0F);
  const std::size_t taken = HWY_DYNAMIC_DISPATCH(cg_target)(work);
  std::copy(work.solution, work.solution + dims_, x.begin());
  predictions_ = {work.predictions, count};
  return static_cast<std::int64_t>(taken);
}

}  // namespace crossfade::kernels
#endif  // HWY_ONCE
