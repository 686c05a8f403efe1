// LoggedAnswers: the answers of a log with their propensities and rewards, for off-policy
// estimates; and the policies that the log can be asked about.
//
// The reward of an answer is the share of it that the listener heard, which his next line says. An
// answer that the next line does not play, or that has no next line in its session, has no reward.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

#include "crossfade/experiments/sessions.h"

namespace crossfade {

struct LoggedAnswers {
  std::vector<double> rewards, propensities;
  std::vector<std::int64_t> users;           // UserIndex, as clusters
  std::vector<std::int64_t> after, answers;  // the track just played, and what was answered
  std::int64_t without_propensity = 0, without_reward = 0;  // left out

  std::size_t size() const { return rewards.size(); }
};

// `takes(row)` says whether a row of the log counts, such as one of a certain arm.
LoggedAnswers answers_of_log(const TrafficLog& log, const OrderedRows& ordered,
                             const std::function<bool(std::size_t)>& takes);

// A policy that draws evenly from a list: of the track just played, of the user, or one for all.
// Without a list it draws from all tracks.
struct ListPolicy {
  enum class By { kTrack, kUser, kNothing };
  By by = By::kNothing;
  // By track, by the user's number, or at 0. Entries that come twice count twice.
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> lists = {};
  std::int64_t num_tracks = 0;  // of the fallback; 0: it has none

  // The probability of each logged answer. Usage error if a list is missing and there is no
  // fallback.
  Result<std::vector<double>> probabilities(const LoggedAnswers& answers,
                                            const TrafficLog& log) const;
};

}  // namespace crossfade
