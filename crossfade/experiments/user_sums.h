// UserSums: what each user did in all, from his sessions; and who belongs to which arm.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/experiments/sessions.h"

namespace crossfade {

// One row per user with at least one session, by UserIndex.
struct UserSums {
  std::vector<UserIndex> users;
  std::vector<double> sessions, times, tracks;
  std::vector<double> latencies_ms;  // NaN if a line says none

  std::size_t size() const { return users.size(); }
  void add_user(UserIndex user);  // a row without sessions
  // Adds the i-th session of a list to a row.
  void add_session(std::size_t row, const SessionList& list, std::size_t i);
  void add_row(const UserSums& from, std::size_t row);
};

UserSums sum_by_user(const SessionList& sessions);

// The same users under the indices of another log; those it does not have are left out.
UserSums matched_users(const UserSums& sums, const TrafficLog& from, const TrafficLog& to);

// Which arm every user of a log is in.
struct Dealt {
  std::vector<TreatmentIndex> arm_of_user;  // by UserIndex; kNoTreatment: in none
  std::int64_t num_arms = 0;                // the control and all up to the last treatment
  std::int64_t users_in_several = 0;        // met in more than one arm: in none
  std::int64_t users_in_none = 0;           // the log says no treatment
  std::int64_t users_dealt_otherwise = 0;   // see hold_against_hash
};
// As the log says. Data invalid if no user has a treatment.
Result<Dealt> dealt_by_log(const TrafficLog& log, const TreatmentColumn& column);
// As the hash says, for logs that do not.
Dealt dealt_by_hash(const TrafficLog& log, const Experiment& experiment);
// What the log says stays; users whom the hash would have dealt into another arm, or into none, are
// counted, and `num_arms` is the experiment's if it has more.
void hold_against_hash(const TrafficLog& log, const Experiment& experiment, Dealt& dealt);

// The users of each arm. Users in no arm are left out.
std::vector<UserSums> split_by_arm(const UserSums& sums, const Dealt& dealt);

}  // namespace crossfade
