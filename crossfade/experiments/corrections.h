// Several treatments against one control: p-values that may be read side by side.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

enum class Correction { kNone, kHolm, kBenjaminiHochberg, kDunnett };
// "none", "holm", "bh", "dunnett"; a usage error names the nearest.
Result<Correction> correction_from_name(const std::string& name);
std::string correction_name(Correction correction);

// Adjusted p-values in the order given; NaN (no test) stays and does not count.
// Holm (Scandinavian Journal of Statistics 1979): no false alarm at all, with probability 1 -
// alpha, under any dependence.
std::vector<double> holm(std::span<const double> p_values);
// Benjamini and Hochberg (JRSS B 1995): the expected share of false ones among the alarms.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);
// Dunnett (JASA 1955), for comparisons that share one control: no false alarm, using how they are
// correlated. `control_shares`[i] = v0 / (v0 + vi), the control's part of the variance of
// comparison i. Normal approximation: for arms of at least some 50 users. Never above Bonferroni's,
// and so not above Holm's for the smallest; for the others Holm, which steps down, may have less.
std::vector<double> dunnett(std::span<const double> p_values,
                            std::span<const double> control_shares);

}  // namespace crossfade
