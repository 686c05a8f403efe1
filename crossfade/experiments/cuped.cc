// Sums within arms, so that an effect of the treatment cannot leak into theta.
#include "crossfade/experiments/cuped.h"

#include <cmath>

#include "crossfade/base/check.h"
#include "crossfade/base/statistics.h"

namespace crossfade {
namespace {

struct Sums {
  double xx = 0, xy = 0, yy = 0;
};

void add_arm(const std::vector<double>& x, const std::vector<double>& y, Sums& sums) {
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    sums.xx += (x[i] - mean_x) * (x[i] - mean_x);
    sums.xy += (x[i] - mean_x) * (y[i] - mean_y);
    sums.yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
}

}  // namespace

CupedResult cuped(const std::vector<CupedArm>& arms) {
  CupedResult result;
  double sum = 0;
  for (const CupedArm& arm : arms) {
    CROSSFADE_CHECK(arm.values.size() == arm.covariates.size(), "one covariate per user");
    for (const double x : arm.covariates) {
      if (std::isnan(x)) continue;
      ++result.users_with_past;
      sum += x;
    }
  }
  const double mean = sum / static_cast<double>(result.users_with_past);
  Sums sums;
  std::vector<std::vector<double>> covariates;
  for (const CupedArm& arm : arms) {
    result.values.push_back(arm.values);
    covariates.push_back(arm.covariates);
    for (double& x : covariates.back())
      if (std::isnan(x)) x = mean;
    if (result.users_with_past > 0) add_arm(covariates.back(), arm.values, sums);
  }
  if (!(sums.xx > 0) || !std::isfinite(sums.xy)) return result;
  result.theta = sums.xy / sums.xx;
  if (sums.yy > 0) result.correlation = sums.xy / std::sqrt(sums.xx * sums.yy);
  for (std::size_t arm = 0; arm < arms.size(); ++arm)
    for (std::size_t i = 0; i < covariates[arm].size(); ++i)
      result.values[arm][i] -= result.theta * (covariates[arm][i] - mean);
  return result;
}

}  // namespace crossfade
