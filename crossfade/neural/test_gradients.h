// What the tests of gradients share: random tensors, and the slope of a function of one number of a
// tensor by differences in the middle. Only tests include it.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"

namespace crossfade {

inline at::Tensor random_tensor(const std::vector<std::int64_t>& shape, std::uint64_t seed,
                                double deviation = 1) {
  at::Tensor made = at::empty(shape, at::kFloat);
  Rng rng(seed);
  for (std::int64_t i = 0; i < made.numel(); ++i)
    made.data_ptr<float>()[i] = static_cast<float>(deviation * rng.normal());
  return made;
}

// (f(x + step) - f(x - step)) / (2 step) for number i of `x`, which is changed in between.
inline double slope(const at::Tensor& x, std::int64_t i, const std::function<double()>& f,
                    double step = 1e-2) {
  float& number = x.data_ptr<float>()[i];
  const float before = number;
  number = static_cast<float>(before + step);
  const double above = f();
  number = static_cast<float>(before - step);
  const double below = f();
  number = before;
  return (above - below) / (2 * step);
}

// At how many numbers of a tensor, and how far apart.
struct Differences {
  std::int64_t most = 24;
  double step = 1e-2;
};

// Checks `gradient` against slopes of `f` at up to so many numbers of `x`, spread evenly.
inline void expect_gradient(const std::string& name, const at::Tensor& x,
                            const at::Tensor& gradient, const std::function<double()>& f,
                            double tolerance, Differences differences = {}) {
  ASSERT_EQ(x.sizes(), gradient.sizes()) << name;
  const at::Tensor flat = gradient.contiguous();
  const std::int64_t stride = std::max<std::int64_t>(1, x.numel() / differences.most);
  for (std::int64_t i = 0; i < x.numel(); i += stride)
    EXPECT_NEAR(flat.data_ptr<float>()[i], slope(x, i, f, differences.step), tolerance)
        << name << " number " << i;
}

}  // namespace crossfade
