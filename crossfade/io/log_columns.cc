// One function per role: which types it takes, and what each becomes.
#include "crossfade/io/log_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"
#include "crossfade/io/log_times.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsPerTask = 1 << 18;
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: beyond, a double skips integers

using Nulls = std::vector<std::uint8_t>;

Column& column_of(Table& table, const std::string& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  CROSSFADE_CHECK(found != table.columns.end(), "the reader gave every column asked for: " + name);
  return *found;
}

// NaN is how many tools write a missing number.
template <class T>
void mark_nan(const std::vector<T>& values, Nulls& nulls) {
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!std::isnan(values[row])) continue;
    if (nulls.empty()) nulls.resize(values.size());
    nulls[row] = 1;
  }
}

bool is_null(const Nulls& nulls, std::size_t row) {
  return !nulls.empty() && nulls[row] != 0;
}

// Integers of any type as int64. Moves them where they are int64 already.
Result<std::vector<std::int64_t>> take_integers(Column& column, ThreadPool& threads) {
  if (auto* wide = std::get_if<std::vector<std::int64_t>>(&column.values)) return std::move(*wide);
  std::vector<std::int64_t> taken(column.size());
  if (const auto* narrow = std::get_if<std::vector<std::int32_t>>(&column.values)) {
    threads.parallel_for(
        std::ssize(taken), kRowsPerTask, [&](std::int64_t begin, std::int64_t end, int) {
          std::copy(narrow->begin() + begin, narrow->begin() + end, taken.begin() + begin);
        });
    return taken;
  }
  const auto from_floats = [&](const auto& values) -> Status {
    mark_nan(values, column.nulls);
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (is_null(column.nulls, row)) continue;
      const auto value = static_cast<double>(values[row]);
      if (value != std::floor(value) || std::abs(value) > kExactIntegers)
        return data_invalid("column '" + column.name + "', row " + std::to_string(row) + ": " +
                            format_shortest(value) +
                            " is not an integer; convert the column to integers or text");
      taken[row] = static_cast<std::int64_t>(value);
    }
    return ok_status();
  };
  if (const auto* floats = std::get_if<std::vector<float>>(&column.values)) {
    CROSSFADE_RETURN_IF_ERROR(from_floats(*floats));
  } else if (const auto* doubles = std::get_if<std::vector<double>>(&column.values)) {
    CROSSFADE_RETURN_IF_ERROR(from_floats(*doubles));
  } else {
    return data_invalid("column '" + column.name +
                        "' holds text or lists where numbers are "
                        "needed");
  }
  return taken;
}

Result<IdColumn> take_ids(Column& column, ThreadPool& threads) {
  if (column.meaning == Column::Meaning::kTimestamp)
    return data_invalid("column '" + column.name +
                        "' holds times where ids are needed; name another column");
  if (auto* texts = std::get_if<std::vector<std::string>>(&column.values))
    return IdColumn(std::move(*texts));
  CROSSFADE_ASSIGN_OR_RETURN(auto numbers, take_integers(column, threads));
  return IdColumn(std::move(numbers));
}

Result<std::vector<float>> take_weights(Column& column) {
  if (auto* floats = std::get_if<std::vector<float>>(&column.values)) return std::move(*floats);
  const bool numbers = std::visit(
      [](const auto& values) {
        return std::is_arithmetic_v<typename std::decay_t<decltype(values)>::value_type>;
      },
      column.values);
  if (column.meaning == Column::Meaning::kTimestamp || !numbers)
    return data_invalid("column '" + column.name +
                        "' is no weight: it holds text, times or lists where numbers are needed");
  std::vector<float> taken(column.size());
  std::visit(
      [&](const auto& values) {
        if constexpr (std::is_arithmetic_v<typename std::decay_t<decltype(values)>::value_type>)
          for (std::size_t row = 0; row < taken.size(); ++row)
            taken[row] = static_cast<float>(values[row]);
      },
      column.values);
  return taken;
}

// Distinct texts in sorted order; rows get the number of theirs.
std::vector<std::string> number_texts(const std::vector<std::string>& texts, const Nulls& nulls,
                                      std::vector<std::int64_t>& numbers) {
  std::vector<std::string> distinct;
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (!is_null(nulls, row) && (distinct.empty() || distinct.back() != texts[row]))
      distinct.push_back(texts[row]);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  numbers.resize(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (!is_null(nulls, row))
      numbers[row] =
          std::lower_bound(distinct.begin(), distinct.end(), texts[row]) - distinct.begin();
  return distinct;
}

Result<std::vector<std::uint8_t>> take_kinds(Column& column, ThreadPool& threads,
                                             ImportReport& report) {
  constexpr std::int64_t kMaxKind = std::numeric_limits<std::uint8_t>::max();
  std::vector<std::int64_t> numbers;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
    const auto names = number_texts(*texts, column.nulls, numbers);
    if (std::ssize(names) > kMaxKind + 1)
      return data_invalid("column '" + column.name + "' has " + format_count(std::ssize(names)) +
                          " distinct kinds and 256 are the most; name another column");
    std::vector<std::string> said;
    for (std::size_t i = 0; i < names.size(); ++i)
      said.push_back(std::to_string(i) + " = " + names[i]);
    report.notes.push_back("kinds in column '" + column.name + "': " + join(said, ", "));
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(numbers, take_integers(column, threads));
  }
  std::vector<std::uint8_t> kinds(numbers.size());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (numbers[row] < 0 || numbers[row] > kMaxKind)
      return data_invalid("column '" + column.name + "', row " + std::to_string(row) + ": kind " +
                          std::to_string(numbers[row]) + " is not between 0 and 255");
    kinds[row] = static_cast<std::uint8_t>(numbers[row]);
  }
  return kinds;
}

Result<std::vector<std::int64_t>> take_sessions(Column& column, ThreadPool& threads) {
  const auto* texts = std::get_if<std::vector<std::string>>(&column.values);
  if (!texts) return take_integers(column, threads);
  std::vector<std::int64_t> numbers;
  (void)number_texts(*texts, column.nulls, numbers);
  return numbers;
}

// clean_log() knows no missing kinds and sessions: they are 0, and said to be.
void note_missing(const Column& column, ImportReport& report) {
  const auto missing = std::count(column.nulls.begin(), column.nulls.end(), std::uint8_t{1});
  if (missing > 0)
    report.notes.push_back("column '" + column.name + "': " + format_count(missing) +
                           " missing values were taken as 0");
}

}  // namespace

std::vector<std::string> columns_of(const LogSchema& schema) {
  std::vector<std::string> names;
  for (const std::string* name :
       {&schema.user, &schema.item, &schema.time, &schema.weight, &schema.kind, &schema.session})
    if (!name->empty()) names.push_back(*name);
  return names;
}

Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, Context& context,
                                 ImportReport& report) {
  ThreadPool& threads = context.threads;
  MarkedLog log;
  Column& users = column_of(table, schema.user);
  CROSSFADE_ASSIGN_OR_RETURN(log.columns.users, take_ids(users, threads));
  log.nulls.users = std::move(users.nulls);
  Column& items = column_of(table, schema.item);
  CROSSFADE_ASSIGN_OR_RETURN(log.columns.items, take_ids(items, threads));
  log.nulls.items = std::move(items.nulls);
  if (!schema.time.empty()) {
    Column& column = column_of(table, schema.time);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.time_ns, take_times(column, schema.time_unit, report));
    log.nulls.times = std::move(column.nulls);
  }
  if (!schema.weight.empty()) {
    Column& column = column_of(table, schema.weight);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.weights, take_weights(column));
    log.nulls.weights = std::move(column.nulls);
  }
  if (!schema.kind.empty()) {
    Column& column = column_of(table, schema.kind);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.kinds, take_kinds(column, threads, report));
    note_missing(column, report);
  }
  if (!schema.session.empty()) {
    Column& column = column_of(table, schema.session);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.sessions, take_sessions(column, threads));
    note_missing(column, report);
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return log;
}

}  // namespace crossfade
