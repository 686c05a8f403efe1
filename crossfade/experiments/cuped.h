// CUPED: less noise by what was known of the users before (Deng, Xu, Kohavi, Walker: Improving the
// Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data, WSDM 2013).
//
//   y'_i = y_i - theta (x_i - mean(x)),   theta = sum over arms of S_xy / sum over arms of S_xx
//
// with the same metric before the experiment as x. The expectation of a difference between arms
// stays, its variance falls by the squared correlation within arms. A user without a past gets the
// mean of those who have one, so that he is left as he is.
#pragma once

#include <cstdint>
#include <vector>

namespace crossfade {

struct CupedArm {
  std::vector<double> values;      // y, one per user
  std::vector<double> covariates;  // x; NaN: the user has no past
};

struct CupedResult {
  std::vector<std::vector<double>> values;  // y' per arm
  double theta = 0;
  double correlation = 0;  // of x and y within arms
  std::int64_t users_with_past = 0;
};

// Without any past, or where x does not vary, the values come back as they are.
CupedResult cuped(const std::vector<CupedArm>& arms);

}  // namespace crossfade
