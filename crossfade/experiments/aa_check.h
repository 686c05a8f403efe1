// AA check: would the test raise a false alarm on data like these? Users of one arm, who were all
// treated alike, are dealt into halves again and again; a test at level alpha should find a
// difference in alpha of the trials. If it finds many more, its p-values cannot be trusted on this
// metric (heavy tails, few users).
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/base/statistics.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

struct AaCheck {
  std::int64_t trials = 0, alarms = 0;
  double rate() const { return static_cast<double>(alarms) / static_cast<double>(trials); }
  Interval interval;  // of the rate, 95% (Wilson, JASA 1927)
  // More alarms than chance explains: the rate is four standard errors above alpha. (Dealing at
  // random passes alpha itself half the time.)
  bool is_alarm(double alpha) const;
};

// Fewer than four users: no trials.
AaCheck check_aa(std::span<const double> values, std::int64_t trials, double alpha,
                 std::uint64_t seed, ThreadPool& threads);

}  // namespace crossfade
