// One pass over every user's rows; a row and the one behind it are an answer and its reward.
#include "crossfade/experiments/logged_answers.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/text.h"

namespace crossfade {

LoggedAnswers answers_of_log(const TrafficLog& log, const OrderedRows& ordered,
                             const std::function<bool(std::size_t)>& takes) {
  LoggedAnswers answers;
  for (std::size_t user = 0; user + 1 < ordered.offsets.size(); ++user)
    for (std::int64_t at = ordered.offsets[user]; at < ordered.offsets[user + 1]; ++at) {
      const auto row = static_cast<std::size_t>(ordered.rows[static_cast<std::size_t>(at)]);
      if (log.is_last[row] || log.recommendations[row] == kNoTrack || !takes(row)) continue;
      if (std::isnan(log.propensities[row])) {
        ++answers.without_propensity;
        continue;
      }
      const bool has_next = at + 1 < ordered.offsets[user + 1];
      const auto next =
          has_next ? static_cast<std::size_t>(ordered.rows[static_cast<std::size_t>(at) + 1]) : row;
      if (!has_next || log.tracks[next] != log.recommendations[row]) {
        ++answers.without_reward;
        continue;
      }
      answers.rewards.push_back(log.shares[next]);
      answers.propensities.push_back(log.propensities[row]);
      answers.users.push_back(static_cast<std::int64_t>(user));
      answers.after.push_back(log.tracks[row]);
      answers.answers.push_back(log.recommendations[row]);
    }
  return answers;
}

Result<std::vector<double>> ListPolicy::probabilities(const LoggedAnswers& answers,
                                                      const TrafficLog& log) const {
  std::vector<double> shares(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::int64_t key = 0;
    if (by == By::kTrack) key = answers.after[i];
    const ExternalId& user = log.user_ids[static_cast<std::size_t>(answers.users[i])];
    if (by == By::kUser) key = as_number(user).value_or(kNoTrack);
    const auto found = lists.find(key);
    if (found != lists.end() && !found->second.empty()) {
      const auto& list = found->second;
      shares[i] = static_cast<double>(std::count(list.begin(), list.end(), answers.answers[i])) /
                  static_cast<double>(list.size());
    } else if (num_tracks > 0) {
      shares[i] = 1 / static_cast<double>(num_tracks);
    } else {
      return usage_error("the other policy has no list for " +
                         (by == By::kUser ? "user " + to_text(user)
                                          : "track " + std::to_string(answers.after[i])) +
                         "; say with --tracks from how many tracks it draws then");
    }
  }
  return shares;
}

}  // namespace crossfade
