// Dropout whose choices are counted, not kept: number i of call c in step s is left out or not by a
// hash of (seed, s, c, i), so that backward asks again instead of remembering, threads do not
// matter, and training resumes where it stopped. On an accelerator it is libtorch's own, whose
// generator the step seeds.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "crossfade/base/rng.h"

namespace crossfade {

// Where the calls of one forward pass take their streams from. share 0: nothing is left out.
class Dropout {
 public:
  Dropout(double share, std::uint64_t seed) : share_(share), seed_(seed) {}
  static Dropout off() { return {0, 0}; }

  double share() const { return share_; }
  // The key of the next call.
  std::int64_t next_key() { return static_cast<std::int64_t>(mix64(seed_ ^ mix64(++calls_))); }
  // x with numbers left out and the others divided by 1 - share; differentiable.
  at::Tensor operator()(const at::Tensor& x);

 private:
  double share_;
  std::uint64_t seed_, calls_ = 0;
};

// The same on plain memory: number `first` + i of the call is x[i].
void drop(float* x, std::int64_t size, double share, std::int64_t key, std::int64_t first = 0);

}  // namespace crossfade
