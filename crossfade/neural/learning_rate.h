// What the learning rate is multiplied by in each step: rising from zero over the warm-up, then as
// it is, or along half a cosine down to zero (Loshchilov and Hutter 2017, without restarts).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

namespace crossfade {

struct LearningRateSchedule {
  std::string schedule = "constant";  // or "cosine"
  std::int64_t warmup = 0;            // steps of rising
  std::int64_t steps = 1;             // of the whole training; where the cosine ends

  // Of the step after `done` steps; in (0, 1].
  double factor(std::int64_t done) const {
    const auto at = static_cast<double>(done), rise = static_cast<double>(warmup);
    if (done < warmup) return (at + 1) / (rise + 1);
    if (schedule == "constant") return 1;
    const double falling = std::max(1.0, static_cast<double>(steps) - rise);
    return 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, (at - rise) / falling)));
  }
};

}  // namespace crossfade
