// Sessions come by user, so one pass sums them.
#include "crossfade/experiments/user_sums.h"

#include <algorithm>
#include <unordered_map>

namespace crossfade {
namespace {

constexpr TreatmentIndex kSeveral = -2;  // while users are dealt

}  // namespace

void UserSums::add_user(UserIndex user) {
  users.push_back(user);
  for (auto* column : {&sessions, &times, &tracks, &latencies_ms}) column->push_back(0);
}

void UserSums::add_session(std::size_t row, const SessionList& list, std::size_t i) {
  sessions[row] += 1;
  times[row] += list.times[i];
  tracks[row] += static_cast<double>(list.tracks[i]);
  latencies_ms[row] += list.latencies_ms[i];
}

void UserSums::add_row(const UserSums& from, std::size_t row) {
  users.push_back(from.users[row]);
  sessions.push_back(from.sessions[row]);
  times.push_back(from.times[row]);
  tracks.push_back(from.tracks[row]);
  latencies_ms.push_back(from.latencies_ms[row]);
}

UserSums sum_by_user(const SessionList& sessions) {
  UserSums sums;
  for (std::size_t i = 0; i < sessions.users.size(); ++i) {
    if (sums.users.empty() || sums.users.back() != sessions.users[i])
      sums.add_user(sessions.users[i]);
    sums.add_session(sums.size() - 1, sessions, i);
  }
  return sums;
}

UserSums matched_users(const UserSums& sums, const TrafficLog& from, const TrafficLog& to) {
  std::unordered_map<std::string, std::size_t> rows;  // by the id's text
  for (std::size_t row = 0; row < sums.size(); ++row)
    rows.emplace(to_text(from.user_ids[static_cast<std::size_t>(sums.users[row])]), row);
  UserSums matched;
  for (std::size_t user = 0; user < to.user_ids.size(); ++user) {
    const auto found = rows.find(to_text(to.user_ids[user]));
    if (found == rows.end()) continue;
    matched.add_row(sums, found->second);
    matched.users.back() = static_cast<UserIndex>(user);
  }
  return matched;
}

Result<Dealt> dealt_by_log(const TrafficLog& log, const TreatmentColumn& column) {
  Dealt dealt;
  dealt.arm_of_user.assign(log.user_ids.size(), kNoTreatment);
  for (std::size_t row = 0; row < log.users.size(); ++row) {
    const TreatmentIndex said = column.treatments[row];
    if (said == kNoTreatment) continue;
    TreatmentIndex& arm = dealt.arm_of_user[static_cast<std::size_t>(log.users[row])];
    if (arm == kNoTreatment)
      arm = said;
    else if (arm != said)
      arm = kSeveral;
    dealt.num_arms = std::max(dealt.num_arms, std::int64_t{said} + 1);
  }
  for (TreatmentIndex& arm : dealt.arm_of_user) {
    dealt.users_in_several += arm == kSeveral;
    dealt.users_in_none += arm == kNoTreatment;
    if (arm == kSeveral) arm = kNoTreatment;
  }
  if (dealt.num_arms == 0)
    return data_invalid("the experiment '" + column.experiment +
                        "' is named by the log, but no line says C, T1, T2, ..");
  return dealt;
}

Dealt dealt_by_hash(const TrafficLog& log, const Experiment& experiment) {
  Dealt dealt;
  dealt.num_arms = experiment.num_treatments();
  for (const ExternalId& user : log.user_ids) {
    dealt.arm_of_user.push_back(experiment.assign(user));
    dealt.users_in_none += dealt.arm_of_user.back() == kNoTreatment;
  }
  return dealt;
}

void hold_against_hash(const TrafficLog& log, const Experiment& experiment, Dealt& dealt) {
  dealt.num_arms = std::max(dealt.num_arms, experiment.num_treatments());
  for (std::size_t user = 0; user < dealt.arm_of_user.size(); ++user) {
    const TreatmentIndex said = dealt.arm_of_user[user];
    dealt.users_dealt_otherwise +=
        said != kNoTreatment && said != experiment.assign(log.user_ids[user]);
  }
}

std::vector<UserSums> split_by_arm(const UserSums& sums, const Dealt& dealt) {
  std::vector<UserSums> arms(static_cast<std::size_t>(dealt.num_arms));
  for (std::size_t row = 0; row < sums.size(); ++row) {
    const TreatmentIndex arm = dealt.arm_of_user[static_cast<std::size_t>(sums.users[row])];
    if (arm != kNoTreatment) arms[static_cast<std::size_t>(arm)].add_row(sums, row);
  }
  return arms;
}

}  // namespace crossfade
