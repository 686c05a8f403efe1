// One pass that names each row's fault, then one that closes the gaps.
#include "crossfade/data/clean.h"

#include <cmath>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"
#include "crossfade/data/log_lengths.h"

namespace crossfade {
namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000;
constexpr std::int64_t kEndTimeNs = 84'006 * kDayNs;  // 2200-01-01

Status check_lengths(const LogColumns& log, const LogNulls& nulls) {
  const std::size_t rows = size_of(log.users);
  CROSSFADE_RETURN_IF_ERROR(check_lengths(log));
  CROSSFADE_RETURN_IF_ERROR(check_length("nulls of users", nulls.users.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("nulls of items", nulls.items.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("nulls of times", nulls.times.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("nulls of kinds", nulls.kinds.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(check_length("nulls of orders", nulls.orders.size(), rows, true));
  CROSSFADE_RETURN_IF_ERROR(
      check_length("marks of unwanted rows", nulls.unwanted.size(), rows, true));
  return check_length("nulls of weights", nulls.weights.size(), rows, true);
}

bool is_null(const std::vector<std::uint8_t>& nulls, std::size_t row) {
  return !nulls.empty() && nulls[row] != 0;
}

// Whether the id is a number or UTF-8.
bool is_text(const IdColumn& ids, std::size_t row) {
  const auto* texts = std::get_if<std::vector<std::string>>(&ids);
  return texts == nullptr || is_valid_utf8((*texts)[row]);
}

// The reason to drop a row, or nullptr.
const char* fault_of(const LogColumns& log, const LogNulls& nulls, std::size_t row) {
  if (is_null(nulls.users, row)) return "missing user id";
  if (is_null(nulls.items, row)) return "missing item id";
  if (!is_text(log.users, row)) return "user id is not UTF-8";
  if (!is_text(log.items, row)) return "item id is not UTF-8";
  if (!log.time_ns.empty() && is_null(nulls.times, row)) return "missing time";
  if (!log.kinds.empty() && is_null(nulls.kinds, row)) return "missing kind";
  if (!log.weights.empty()) {
    if (is_null(nulls.weights, row)) return "missing weight";
    if (!std::isfinite(log.weights[row])) return "weight is not a number";
    if (log.weights[row] < 0) return "negative weight";
  }
  if (log.time_ns.empty()) return nullptr;
  if (is_null(nulls.orders, row))
    return nulls.orders[row] == LogNulls::kMissing ? "missing order"
                                                   : "order is not from 0 to 999,999,999";
  if (log.time_ns[row] < 0 || log.time_ns[row] >= kEndTimeNs)
    return "time before 1970 or after 2199";
  return nullptr;
}

std::string id_text(const IdColumn& ids, const std::vector<std::uint8_t>& nulls, std::size_t row) {
  if (is_null(nulls, row)) return "null";
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&ids))
    return std::to_string((*numbers)[row]);
  return printable(std::get<std::vector<std::string>>(ids)[row]);
}

std::string describe(const LogColumns& log, const LogNulls& nulls, std::size_t row,
                     const RowOrigin& origin) {
  std::string text = (origin.file.empty() ? "" : origin.file + ", ") + "row " +
                     std::to_string(origin.first_row + static_cast<std::int64_t>(row)) + ": user " +
                     id_text(log.users, nulls.users, row) + ", item " +
                     id_text(log.items, nulls.items, row);
  if (!log.time_ns.empty()) {
    const std::int64_t time = log.time_ns[row];
    text += ", time " + (is_null(nulls.times, row) ? "null"
                         : origin.time_text        ? origin.time_text(row, time)
                                                   : std::to_string(time));
  }
  if (!log.weights.empty())
    text +=
        ", weight " + (is_null(nulls.weights, row) ? "null" : format_shortest(log.weights[row]));
  return text;
}

template <class T>
void keep(std::vector<T>& column, const std::vector<std::uint8_t>& bad) {
  if (column.empty()) return;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < bad.size(); ++row) {
    if (bad[row] != 0) continue;
    if (kept != row) column[kept] = std::move(column[row]);
    ++kept;
  }
  column.resize(kept);
}

// Whether no row of [begin, end) has a fault, found without a branch per row. May say no where the
// answer is yes: if anything is missing, or ids are text.
bool is_surely_clean(const LogColumns& log, const LogNulls& nulls, std::size_t begin,
                     std::size_t end) {
  for (const auto* marks : {&nulls.users, &nulls.items, &nulls.times, &nulls.kinds, &nulls.weights,
                            &nulls.orders, &nulls.unwanted})
    if (!marks->empty()) return false;
  for (const IdColumn* ids : {&log.users, &log.items})
    if (std::holds_alternative<std::vector<std::string>>(*ids)) return false;
  bool bad = false;
  for (std::size_t row = begin; row < end && !log.weights.empty(); ++row)
    bad |= !(log.weights[row] >= 0 && std::isfinite(log.weights[row]));
  for (std::size_t row = begin; row < end && !log.time_ns.empty(); ++row)
    bad |= log.time_ns[row] < 0 || log.time_ns[row] >= kEndTimeNs;
  return !bad;
}

// Marks the rows that go; returns how many. `mark` is 2 where a row is unwanted, 1 where it is bad.
std::int64_t mark_rows(const LogColumns& log, const LogNulls& nulls,
                       std::vector<std::uint8_t>& marks, ThreadPool& threads) {
  constexpr std::int64_t kRowsPerTask = 1 << 16;
  return threads.map_reduce(
      std::ssize(marks), kRowsPerTask, std::int64_t{0},
      [&](std::int64_t begin, std::int64_t end) {
        if (is_surely_clean(log, nulls, static_cast<std::size_t>(begin),
                            static_cast<std::size_t>(end)))
          return std::int64_t{0};
        std::int64_t marked = 0;
        for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end);
             ++row) {
          if (is_null(nulls.unwanted, row))
            marks[row] = 2;
          else if (fault_of(log, nulls, row))
            marks[row] = 1;
          marked += marks[row] != 0 ? 1 : 0;
        }
        return marked;
      },
      [](std::int64_t& total, std::int64_t part) { total += part; });
}

}  // namespace

Result<LogColumns> clean_log(LogColumns log, const LogNulls& nulls, ImportReport& report) {
  ThreadPool threads(1);
  return clean_log(std::move(log), nulls, {"", report.rows_read}, report, threads);
}

Result<LogColumns> clean_log(LogColumns log, const LogNulls& nulls, const RowOrigin& origin,
                             ImportReport& report, ThreadPool& threads) {
  CROSSFADE_RETURN_IF_ERROR(check_lengths(log, nulls));
  const std::size_t rows = size_of(log.users);
  std::vector<std::uint8_t> marks(rows, 0);
  const std::int64_t num_marked = mark_rows(log, nulls, marks, threads);
  for (std::size_t row = 0; num_marked > 0 && row < rows; ++row) {
    if (marks[row] != 1) continue;
    const char* fault = fault_of(log, nulls, row);
    report.drop(fault,
                report.wants_example(fault) ? describe(log, nulls, row, origin) : std::string());
  }
  report.rows_read += static_cast<std::int64_t>(rows);
  report.rows_kept += static_cast<std::int64_t>(rows) - num_marked;
  if (num_marked == 0) return log;
  std::visit([&](auto& ids) { keep(ids, marks); }, log.users);
  std::visit([&](auto& ids) { keep(ids, marks); }, log.items);
  keep(log.time_ns, marks);
  keep(log.weights, marks);
  keep(log.kinds, marks);
  keep(log.sessions, marks);
  return log;
}

}  // namespace crossfade
