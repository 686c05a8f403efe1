// Sessions: a log cut as the published analysis cuts it (botify's Week1Seminar).
//
// Per user the lines are sorted by time; of equal times (milliseconds are long for a machine) a
// line follows the one that recommended its track, and otherwise the order of the log. A session
// ends with the line `last`; what follows the user's last `last` is unfinished and left out. A
// session has as many tracks as lines (the first track, which the listener chose, among them), the
// sum of their shares as its time, and the sum of their latencies.
//
// Lines that are the same in everything, the latency too, are one line that was collected twice if
// they come from several files: of every line as many are kept as that file has which has most of
// them. Within a file one is kept, unless each plays what was recommended just before: then a fast
// service was asked the same twice within a millisecond. (The published analysis counts all.)
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/experiments/traffic_log.h"

namespace crossfade {

// What became of the lines on the way. Of everything counted here only duplicates and unfinished
// lines are left out; the rest is kept as it is.
struct SessionReport {
  std::int64_t sessions = 0, users = 0;  // users with at least one session
  std::int64_t users_without_session = 0;
  std::int64_t duplicates = 0;        // lines left out
  std::int64_t unfinished_lines = 0;  // of unfinished sessions: left out
  std::int64_t times_backwards = 0;   // kept lines older than the one of their user before them
  std::int64_t broken_steps = 0;      // played another track than the one recommended just before
  std::int64_t steps = 0;             // of so many

  void add(const SessionReport& other);
};

// One row per session, by user and then by time.
struct SessionList {
  std::vector<UserIndex> users;
  std::vector<std::int64_t> starts_ms, ends_ms;  // of the first and the last line
  std::vector<std::int64_t> tracks;
  std::vector<double> times;         // sum of shares
  std::vector<double> latencies_ms;  // sum; NaN if a line says none
  SessionReport report;

  std::int64_t size() const { return static_cast<std::int64_t>(users.size()); }
};

// The rows of a log by user, sorted by time as above, without duplicates.
struct OrderedRows {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> offsets;  // user u has rows[offsets[u]] to rows[offsets[u + 1]]
  std::int64_t duplicates = 0, times_backwards = 0;
};
OrderedRows order_rows(const TrafficLog& log, ThreadPool& threads);

SessionList cut_sessions(const TrafficLog& log, const OrderedRows& ordered, ThreadPool& threads);
SessionList cut_sessions(const TrafficLog& log, ThreadPool& threads);

// Sessions that began in [from_ms, to_ms).
struct TimeRange {
  std::int64_t from_ms = std::numeric_limits<std::int64_t>::min();
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
  bool has(std::int64_t time_ms) const { return from_ms <= time_ms && time_ms < to_ms; }
};
// Some of the sessions, by their places in the list or by the time of their beginning. The report
// stays that of all.
SessionList select_sessions(const SessionList& sessions, std::span<const std::size_t> places);
SessionList select_sessions(const SessionList& sessions, const TimeRange& range);

// One sentence per kind of trouble; empty if all is well.
std::vector<std::string> sentences(const SessionReport& report);
Json to_json(const SessionReport& report);

}  // namespace crossfade
