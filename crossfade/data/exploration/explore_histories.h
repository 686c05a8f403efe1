// Histories: how much each user has, how long they pause, and in what sessions events come.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/data/exploration/distribution.h"
#include "crossfade/data/store/sessions.h"

namespace crossfade {

struct GapBin {
  const char* name;         // "1 to 10 min"
  std::int64_t to_seconds;  // longer than the bin before, at most this
};
// From "same moment" to "longer".
constexpr std::array<GapBin, 12> kGapBins{{{"same moment", 0},
                                           {"to 1 s", 1},
                                           {"to 10 s", 10},
                                           {"to 1 min", 60},
                                           {"to 5 min", 300},
                                           {"to 30 min", 1800},
                                           {"to 1 h", 3600},
                                           {"to 6 h", 21'600},
                                           {"to 1 day", 86'400},
                                           {"to 1 week", 604'800},
                                           {"to 30 days", 2'592'000},
                                           {"longer", std::int64_t{1} << 40}}};

struct HistoryExploration {
  Distribution users;                                // events per user
  std::array<std::int64_t, kGapBins.size()> gaps{};  // between a user's events, by kGapBins
  std::int64_t gaps_under_second = 0;                // of those, shorter than a second, but not 0
  // Of gaps of a second and more, in whole seconds: size, mean, least and greatest are exact;
  // quantiles come from bins of 6% and are rounded to two digits.
  Distribution gap_seconds;
  std::int64_t duplicates = 0;      // rows that repeat a user's item at the very same moment
  bool sessions_are_given = false;  // else a pause above `session_gap_ns` ends a session
  std::int64_t session_gap_ns = 0;
  Distribution sessions;       // events per session; empty without times and sessions
  Distribution user_sessions;  // sessions per user
};

// One pass on all threads. Gaps, duplicates and guessed sessions need times.
HistoryExploration explore_histories(const Domain& domain, std::int64_t session_gap_ns,
                                     ThreadPool& threads);

}  // namespace crossfade
