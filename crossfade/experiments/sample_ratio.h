// Sample-ratio mismatch: did the arms get the users they were promised? If not, something between
// the dealing and the log loses users, and no verdict is worth reading (Fabijan et al., KDD 2019).
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/statistics.h"

namespace crossfade {

constexpr double kSampleRatioAlarm = 0.001;  // checked on every experiment, so rarely wrong

struct SampleRatio {
  double chi_squared = kNotANumber, p_value = kNotANumber;
  bool is_alarm() const { return p_value < kSampleRatioAlarm; }
};

// Pearson's test of the users per arm against the weights (any scale; empty: equal). NaN for fewer
// than two arms with a weight, or without users. Users in an arm of weight 0: p is 0.
SampleRatio check_sample_ratio(std::span<const std::int64_t> users,
                               std::span<const double> weights);

}  // namespace crossfade
