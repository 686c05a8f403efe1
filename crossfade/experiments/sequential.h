// Always-valid inference: looking as often as one likes, stopping when one likes, and still at most
// alpha false alarms.
//
// The mixture sequential probability ratio test (Johari, Koomen, Pekelis, Walsh: Always Valid
// Inference, Operations Research 2022) for a difference d estimated with variance v, where v falls
// as data come in. Mixed over effects N(0, tau^2) the likelihood ratio against no effect is
//
//   L = sqrt(v / (v + tau^2)) exp(tau^2 d^2 / (2 v (v + tau^2)))
//
// Under no effect L stays below 1 / alpha for ever with probability 1 - alpha (Ville), so
// p = min over looks of 1 / L may be read at any time, and all d' for which L(d - d') < 1 / alpha
// are a confidence sequence (the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas:
// Annals of Statistics 2024, after Howard et al. 2021). Variances are estimated, so both hold
// asymptotically: the first look waits for enough users.
//
// Users come back, and their numbers change between looks. What the theory needs of the sequence of
// differences is Cov(d_j, d_k) = Var(d_k) for j < k; means over users who bring more of the same
// have it. docs/experiments.md has the simulations, with returning users and heavy tails.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/experiments/arm_comparison.h"

namespace crossfade {

constexpr std::int64_t kUsersBeforeFirstLook = 100;  // in each arm

// tau^2 for which the confidence sequence is narrowest when the variance has fallen to `variance`:
// tau^2 = x variance with x = 2 log(1 / alpha) + log(1 + x).
double mixing_variance_for(double variance, double alpha);
// 1 / L, at most 1.
double always_valid_p(double difference, double variance, double mixing_variance);
// Half the width of the confidence sequence.
double always_valid_radius(double variance, double mixing_variance, double alpha);

struct Look {
  std::int64_t end_ms = 0;    // of the last session that had ended by then
  std::int64_t sessions = 0;  // that had ended by then, of all arms
  std::int64_t users = 0;     // of both arms
  ArmComparison comparison;
  bool counts = false;           // enough users in each arm to be looked at
  Interval always_valid, fixed;  // in percent of the control's mean
  double p_value = kNotANumber;  // always valid: the smallest until this look
};

// One treatment's looks, in the order of time.
class SequentialTest {
 public:
  // The sequence is narrowest when both arms together have `planned_users`. Decide that before the
  // experiment, not after a look at it.
  SequentialTest(std::int64_t planned_users, double alpha)
      : planned_users_(planned_users), alpha_(alpha) {}
  // Looks and remembers. Earlier looks with too few users do not count.
  Look look(const ArmComparison& comparison);

 private:
  std::int64_t planned_users_;
  double alpha_, mixing_variance_ = kNotANumber, smallest_p_ = 1;
};

}  // namespace crossfade
