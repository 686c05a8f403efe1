// A counting sort by user, then each user's rows by time: most are in order already.
#include "crossfade/experiments/sessions.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersPerBlock = 256;
// Lines of one user at one time; more are no listener's, and keep their order.
constexpr std::int64_t kMostTies = 64;

// What a user's line says; numbers by their bits, since no latency at all is NaN.
auto content(const TrafficLog& log, std::int64_t row) {
  const auto i = static_cast<std::size_t>(row);
  return std::tuple(log.times_ns[i], log.tracks[i], log.is_last[i],
                    std::bit_cast<std::uint64_t>(log.shares[i]),
                    std::bit_cast<std::uint64_t>(log.latencies_s[i]), log.recommendations[i]);
}

bool same_line(const TrafficLog& log, std::int64_t a, std::int64_t b) {
  return content(log, a) == content(log, b);
}

// Which file a row came from.
std::ptrdiff_t file_of(const TrafficLog& log, std::int64_t row) {
  return std::upper_bound(log.file_starts.begin(), log.file_starts.end(), row) -
         log.file_starts.begin();
}

// The end of the rows that are alike, as `is_alike` has it, with the first one.
template <class Alike>
std::int64_t* end_of_run(std::int64_t* first, std::int64_t* end, Alike&& is_alike) {
  std::int64_t* last = first + 1;
  while (last < end && is_alike(*first, *last)) ++last;
  return last;
}

// The end of the rows that have the first one's time.
std::int64_t* end_of_time(const TrafficLog& log, std::int64_t* first, std::int64_t* end) {
  return end_of_run(first, end, [&](std::int64_t a, std::int64_t b) {
    return log.times_ns[static_cast<std::size_t>(a)] == log.times_ns[static_cast<std::size_t>(b)];
  });
}

// Keeps of lines of one time that several files have only those of the file that has most of them:
// the others are copies. Returns the end of the kept ones, in the order of the log.
std::int64_t* keep_one_copy(const TrafficLog& log, std::int64_t* begin, std::int64_t* end) {
  std::sort(begin, end, [&](std::int64_t a, std::int64_t b) {
    return std::tuple(content(log, a), a) < std::tuple(content(log, b), b);
  });
  std::int64_t* kept = begin;
  for (std::int64_t* first = begin; first < end;) {
    std::int64_t* last =
        end_of_run(first, end, [&](auto a, auto b) { return same_line(log, a, b); });
    std::int64_t *most = first, *most_end = first;
    for (std::int64_t* part = first; part < last;) {
      std::int64_t* part_end = end_of_run(
          part, last, [&](auto a, auto b) { return file_of(log, a) == file_of(log, b); });
      if (part_end - part > most_end - most) {
        most = part;
        most_end = part_end;
      }
      part = part_end;
    }
    kept = std::copy(most, most_end, kept);
    first = last;
  }
  std::sort(begin, kept);
  return kept;
}

// Leaves out what was collected several times: of every line as many stay as the file has that has
// most of them. The rows are sorted by time; returns the new end.
std::int64_t* drop_copies(const TrafficLog& log, std::int64_t* begin, std::int64_t* end) {
  if (log.file_starts.size() < 2) return end;
  std::int64_t* kept = begin;
  for (std::int64_t* first = begin; first < end;) {
    std::int64_t* last = end_of_time(log, first, end);
    kept = std::copy(first, last - first > 1 ? keep_one_copy(log, first, last) : last, kept);
    first = last;
  }
  return kept;
}

// The line that comes next among those of one time: the one that plays what was recommended before;
// after the end of a session the first that does not end one; else the first.
std::int64_t* next_of(const TrafficLog& log, const std::int64_t* previous, std::int64_t* begin,
                      std::int64_t* end) {
  const auto at = [](const std::int64_t* row) { return static_cast<std::size_t>(*row); };
  const bool in_session = previous != nullptr && !log.is_last[at(previous)];
  for (std::int64_t* row = begin; row < end; ++row)
    if (in_session ? log.tracks[at(row)] == log.recommendations[at(previous)]
                   : !log.is_last[at(row)])
      return row;
  return begin;
}

// Puts lines of one time in the order in which they can have been: a service that writes a line
// after its answer may write two requests of a millisecond the other way round.
void order_ties(const TrafficLog& log, std::int64_t* begin, std::int64_t* end) {
  for (std::int64_t* first = begin; first < end;) {
    std::int64_t* last = end_of_time(log, first, end);
    if (last - first > 1 && last - first <= kMostTies)
      for (std::int64_t* row = first; row < last; ++row) {
        std::int64_t* next = next_of(log, row == begin ? nullptr : row - 1, row, last);
        std::rotate(row, next, next + 1);
      }
    first = last;
  }
}

// Whether within a file a line like this is among the kept ones of the same time, and cannot have
// come again: one that plays what was recommended just before can, within a millisecond and with
// the latency of a fast service.
bool is_duplicate(const TrafficLog& log, const std::int64_t* begin, const std::int64_t* kept,
                  std::int64_t row) {
  if (kept == begin) return false;
  const auto previous = static_cast<std::size_t>(kept[-1]);
  if (!log.is_last[previous] &&
      log.recommendations[previous] == log.tracks[static_cast<std::size_t>(row)])
    return false;
  const std::int64_t time = log.times_ns[static_cast<std::size_t>(row)];
  for (const std::int64_t* other = kept; other > begin && kept - other < kMostTies; --other) {
    if (log.times_ns[static_cast<std::size_t>(other[-1])] != time) return false;
    if (same_line(log, other[-1], row)) return true;
  }
  return false;
}

// Rows that are older than the one of their user before them in the log.
std::int64_t count_backwards(const TrafficLog& log, std::vector<std::int64_t> rows) {
  std::sort(rows.begin(), rows.end());
  std::int64_t count = 0;
  for (std::size_t i = 1; i < rows.size(); ++i)
    count += log.times_ns[static_cast<std::size_t>(rows[i])] <
             log.times_ns[static_cast<std::size_t>(rows[i - 1])];
  return count;
}

// Sorts one user's rows and leaves out duplicates; returns the new end.
std::int64_t* order_user(const TrafficLog& log, std::int64_t* begin, std::int64_t* end,
                         std::int64_t& backwards) {
  const auto time = [&](std::int64_t row) { return log.times_ns[static_cast<std::size_t>(row)]; };
  const auto earlier = [&](std::int64_t a, std::int64_t b) { return time(a) < time(b); };
  const bool sorted = std::is_sorted(begin, end, earlier);
  if (!sorted) std::stable_sort(begin, end, earlier);
  end = drop_copies(log, begin, end);
  order_ties(log, begin, end);
  std::int64_t* kept = begin;
  for (std::int64_t* row = begin; row < end; ++row)
    if (!is_duplicate(log, begin, kept, *row)) *kept++ = *row;
  if (!sorted) backwards += count_backwards(log, std::vector<std::int64_t>(begin, kept));
  return kept;
}

void cut_user(const TrafficLog& log, std::span<const std::int64_t> rows, SessionList& list) {
  std::size_t first = 0;
  const std::int64_t before = list.size();
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (!log.is_last[static_cast<std::size_t>(rows[at])]) continue;
    double time = 0, latency_ms = 0;
    for (std::size_t i = first; i <= at; ++i) {
      const auto row = static_cast<std::size_t>(rows[i]);
      time += log.shares[row];
      latency_ms += log.latencies_s[row] * 1000;
      if (i == first) continue;
      ++list.report.steps;
      const auto previous = static_cast<std::size_t>(rows[i - 1]);
      list.report.broken_steps += log.recommendations[previous] != log.tracks[row];
    }
    const auto start = static_cast<std::size_t>(rows[first]);
    list.users.push_back(log.users[start]);
    list.starts_ms.push_back(log.times_ns[start] / kNsPerMs);
    list.ends_ms.push_back(log.times_ns[static_cast<std::size_t>(rows[at])] / kNsPerMs);
    list.tracks.push_back(static_cast<std::int64_t>(at + 1 - first));
    list.times.push_back(time);
    list.latencies_ms.push_back(latency_ms);
    first = at + 1;
  }
  list.report.unfinished_lines += static_cast<std::int64_t>(rows.size() - first);
  list.report.sessions += list.size() - before;
  list.report.users += list.size() > before;
  list.report.users_without_session += list.size() == before;
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

}  // namespace

void SessionReport::add(const SessionReport& other) {
  sessions += other.sessions;
  users += other.users;
  users_without_session += other.users_without_session;
  duplicates += other.duplicates;
  unfinished_lines += other.unfinished_lines;
  times_backwards += other.times_backwards;
  broken_steps += other.broken_steps;
  steps += other.steps;
}

OrderedRows order_rows(const TrafficLog& log, ThreadPool& threads) {
  const auto users = static_cast<std::int64_t>(log.user_ids.size());
  OrderedRows ordered;
  std::vector<std::int64_t> starts(static_cast<std::size_t>(users) + 1, 0);
  for (const UserIndex user : log.users) ++starts[static_cast<std::size_t>(user) + 1];
  for (std::size_t user = 1; user < starts.size(); ++user) starts[user] += starts[user - 1];
  ordered.rows.resize(log.users.size());
  std::vector<std::int64_t> next(starts.begin(), starts.end() - 1);
  for (std::int64_t row = 0; row < log.size(); ++row)
    ordered.rows[static_cast<std::size_t>(
        next[static_cast<std::size_t>(log.users[static_cast<std::size_t>(row)])]++)] = row;

  std::vector<std::int64_t> ends(static_cast<std::size_t>(users));
  ordered.times_backwards = threads.map_reduce(
      users, kUsersPerBlock, std::int64_t{0},
      [&](std::int64_t begin, std::int64_t end) {
        std::int64_t backwards = 0;
        for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
             ++user)
          ends[user] = order_user(log, ordered.rows.data() + starts[user],
                                  ordered.rows.data() + starts[user + 1], backwards) -
                       ordered.rows.data();
        return backwards;
      },
      [](std::int64_t& total, std::int64_t part) { total += part; });

  std::int64_t kept = 0;
  ordered.offsets.push_back(0);
  for (std::size_t user = 0; user < ends.size(); ++user) {
    for (std::int64_t at = starts[user]; at < ends[user]; ++at)
      ordered.rows[static_cast<std::size_t>(kept++)] = ordered.rows[static_cast<std::size_t>(at)];
    ordered.offsets.push_back(kept);
  }
  ordered.duplicates = log.size() - kept;
  ordered.rows.resize(static_cast<std::size_t>(kept));
  return ordered;
}

SessionList cut_sessions(const TrafficLog& log, const OrderedRows& ordered, ThreadPool& threads) {
  const auto users = static_cast<std::int64_t>(ordered.offsets.size()) - 1;
  SessionList all = threads.map_reduce(
      users, kUsersPerBlock, SessionList(),
      [&](std::int64_t begin, std::int64_t end) {
        SessionList part;
        for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
             ++user) {
          const auto first = static_cast<std::size_t>(ordered.offsets[user]);
          const auto last = static_cast<std::size_t>(ordered.offsets[user + 1]);
          cut_user(log, std::span(ordered.rows).subspan(first, last - first), part);
        }
        return part;
      },
      [](SessionList& total, const SessionList& part) {
        append(total.users, part.users);
        append(total.starts_ms, part.starts_ms);
        append(total.ends_ms, part.ends_ms);
        append(total.tracks, part.tracks);
        append(total.times, part.times);
        append(total.latencies_ms, part.latencies_ms);
        total.report.add(part.report);
      });
  all.report.duplicates = ordered.duplicates;
  all.report.times_backwards = ordered.times_backwards;
  return all;
}

SessionList cut_sessions(const TrafficLog& log, ThreadPool& threads) {
  return cut_sessions(log, order_rows(log, threads), threads);
}

SessionList select_sessions(const SessionList& sessions, std::span<const std::size_t> places) {
  SessionList list;
  list.report = sessions.report;
  for (const std::size_t i : places) {
    list.users.push_back(sessions.users[i]);
    list.starts_ms.push_back(sessions.starts_ms[i]);
    list.ends_ms.push_back(sessions.ends_ms[i]);
    list.tracks.push_back(sessions.tracks[i]);
    list.times.push_back(sessions.times[i]);
    list.latencies_ms.push_back(sessions.latencies_ms[i]);
  }
  return list;
}

SessionList select_sessions(const SessionList& sessions, const TimeRange& range) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < sessions.users.size(); ++i)
    if (range.has(sessions.starts_ms[i])) places.push_back(i);
  return select_sessions(sessions, places);
}

std::vector<std::string> sentences(const SessionReport& report) {
  std::vector<std::string> list;
  const auto tell = [&](std::int64_t count, const std::string& one, const std::string& many) {
    if (count > 0) list.push_back(counted(count, one, many));
  };
  tell(report.duplicates, "line came twice and counts once.", "lines came twice and count once.");
  tell(report.unfinished_lines, "line belongs to a session without a last line and is left out.",
       "lines belong to sessions without a last line and are left out.");
  tell(report.users_without_session, "user has no finished session and is in no arm.",
       "users have no finished session and are in no arm.");
  const std::string why =
      " (several writers, or clocks that disagree); lines are sorted by their time.";
  tell(report.times_backwards, "line is older than the line of its user before it" + why,
       "lines are older than the line of their user before them" + why);
  // A listener may play something else; where many do, lines are missing or clocks disagree.
  if (report.broken_steps * 100 > report.steps)
    list.push_back(counted(report.broken_steps, "step of ", "steps of ") +
                   format_count(report.steps) + (report.broken_steps == 1 ? " plays" : " play") +
                   " another track than the one recommended just before: lines are missing, or "
                   "clocks disagree.");
  return list;
}

Json to_json(const SessionReport& report) {
  Json json = Json::object();
  json.set("sessions", report.sessions).set("users", report.users);
  json.set("users_without_session", report.users_without_session);
  json.set("duplicates", report.duplicates).set("unfinished_lines", report.unfinished_lines);
  json.set("times_backwards", report.times_backwards);
  return json.set("broken_steps", report.broken_steps).set("steps", report.steps);
}

}  // namespace crossfade
