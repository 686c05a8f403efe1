// Step-down, step-up, and an integral over what the comparisons share.
#include "crossfade/experiments/corrections.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "crossfade/base/check.h"
#include "crossfade/base/statistics.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// Places of the p-values that are there, smallest first.
std::vector<std::size_t> by_size(std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i)
    if (!std::isnan(p_values[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

// P(some |Z_i| >= z), Z_i = sqrt(s_i) U + sqrt(1 - s_i) E_i with independent normal U, E_i: Simpson
// over U in [-8.5, 8.5], beyond which nothing is left.
double any_beyond(double z, std::span<const double> shares) {
  constexpr int kSteps = 400;
  constexpr double kReach = 8.5, kStep = 2 * kReach / kSteps;
  double none = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double u = -kReach + kStep * i;
    double within = std::exp(-u * u / 2) / std::sqrt(2 * std::numbers::pi);
    for (const double share : shares) {
      const double shift = std::sqrt(share) * u, rest = std::sqrt(1 - share);
      within *= normal_cdf((z - shift) / rest) - normal_cdf((-z - shift) / rest);
    }
    none += within * (i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2);
  }
  return std::clamp(1 - none * kStep / 3, 0.0, 1.0);
}

}  // namespace

Result<Correction> correction_from_name(const std::string& name) {
  for (const Correction correction :
       {Correction::kNone, Correction::kHolm, Correction::kBenjaminiHochberg, Correction::kDunnett})
    if (correction_name(correction) == name) return correction;
  return unknown_name("correction", name, {"none", "holm", "bh", "dunnett"});
}

std::string correction_name(Correction correction) {
  switch (correction) {
    case Correction::kNone:
      return "none";
    case Correction::kHolm:
      return "holm";
    case Correction::kBenjaminiHochberg:
      return "bh";
    case Correction::kDunnett:
      return "dunnett";
  }
  return "";
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.begin(), p_values.end());
  const auto order = by_size(p_values);
  double reached = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    reached = std::max(reached, p_values[order[i]] * static_cast<double>(order.size() - i));
    adjusted[order[i]] = std::min(reached, 1.0);
  }
  return adjusted;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.begin(), p_values.end());
  const auto order = by_size(p_values);
  const double count = static_cast<double>(order.size());
  double reached = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    reached = std::min(reached, p_values[order[i]] * (count / static_cast<double>(i + 1)));
    adjusted[order[i]] = reached;
  }
  return adjusted;
}

std::vector<double> dunnett(std::span<const double> p_values,
                            std::span<const double> control_shares) {
  CROSSFADE_CHECK(p_values.size() == control_shares.size(), "one share per comparison");
  std::vector<double> shares;
  for (std::size_t i = 0; i < p_values.size(); ++i)
    if (!std::isnan(p_values[i])) shares.push_back(std::clamp(control_shares[i], 0.0, 1 - 1e-9));
  std::vector<double> adjusted(p_values.begin(), p_values.end());
  for (double& p : adjusted) {
    if (std::isnan(p) || shares.size() < 2 || p >= 1) continue;
    // Where the normal quantile ends the bound of Bonferroni says all there is to say.
    p = p > 1e-15 ? std::max(p, any_beyond(-normal_quantile(p / 2), shares))
                  : p * static_cast<double>(shares.size());
  }
  return adjusted;
}

}  // namespace crossfade
