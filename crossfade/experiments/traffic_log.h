// TrafficLog: what a service answered and what became of it, one row per line of its data log, as
// columns.
//
// A line is a request: the listener says which track was just played and for what share of its
// length, and is given the next one (`next`) or says goodbye (`last`). So the reward of a
// recommendation stands in the listener's following line. About 50 bytes per line, whatever the
// file took.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/experiments/assignment.h"

namespace crossfade {

constexpr std::int64_t kNoTrack = -1;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::size_t kMaxLoggedExperiments = 100;  // of one log; those beyond are not read

struct TreatmentColumn {
  std::string experiment;
  std::vector<TreatmentIndex> treatments;  // kNoTreatment where a line names no known one
};

struct TrafficLog {
  std::vector<ExternalId> user_ids;  // by UserIndex, in the order of first appearance
  std::vector<UserIndex> users;
  std::vector<std::int64_t> times_ns;  // since 1970, UTC; data logs say milliseconds
  std::vector<std::uint8_t> is_last;   // 1: the session's last line
  std::vector<std::int64_t> tracks;
  std::vector<double> shares;                 // of the track that was played, 0 to 1
  std::vector<double> latencies_s;            // inside the service; NaN: not said
  std::vector<std::int64_t> recommendations;  // kNoTrack: none
  std::vector<double> propensities;           // of the recommendation; NaN: not said
  std::vector<TreatmentColumn> experiments;   // in the order of first appearance
  std::vector<std::int64_t> file_starts;      // the first row of each file; empty: all are of one

  std::int64_t size() const { return static_cast<std::int64_t>(users.size()); }
  // Where the experiment of that name stands. A usage error names the nearest.
  Result<std::size_t> find_experiment(const std::string& name) const;
  // Whether any line says which treatment of that experiment its user was given.
  bool names_treatments_of(const std::string& name) const;
};

// What became of the lines, for people and for tests. Only `kept` lines are in the log; of an event
// log answers are kept too, each of which completes the row of its play.
struct TrafficReport {
  std::int64_t files = 0, bytes = 0;
  std::int64_t lines = 0;  // those that are not empty
  std::int64_t kept = 0;
  std::int64_t other_forms = 0;    // kept, though their members differ from the published order
  std::int64_t torn = 0;           // last lines of a file that break off
  std::int64_t damaged = 0;        // other lines that say nothing usable
  std::string first_damaged = "";  // "FILE, line 7: why"
  // Kept lines with a treatment called neither C nor Tk, or with an experiment that is not read.
  std::int64_t unknown_treatments = 0;
  std::int64_t shares_out_of_range = 0;  // kept lines with a share below 0 or above 1

  void add(const TrafficReport& other);
};

// One sentence per kind of trouble; empty if all is well.
std::vector<std::string> sentences(const TrafficReport& report);
Json to_json(const TrafficReport& report);

}  // namespace crossfade
