// One function per role: which types it takes, and what each becomes.
#include "crossfade/io/log_columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/counted.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/store/sessions.h"
#include "crossfade/io/log_times.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsPerTask = 1 << 18;
constexpr std::int64_t kMaxKinds = 256;
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: beyond, a double skips integers

using Nulls = std::vector<std::uint8_t>;

// Null if the table does not have it, which the reader has refused for all but an optional column.
Column* find_column(Table& table, const std::string& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  return name.empty() || found == table.columns.end() ? nullptr : &*found;
}

Column& column_of(Table& table, const std::string& name) {
  Column* found = find_column(table, name);
  CROSSFADE_CHECK(found, "the reader gave every column asked for: " + name);
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

// The number of a row of this part in the whole log.
std::string row_text(std::int64_t first_row, std::size_t row) {
  return std::to_string(first_row + static_cast<std::int64_t>(row));
}

bool is_null(const Nulls& nulls, std::size_t row) {
  return !nulls.empty() && nulls[row] != 0;
}

// Integers of any type as int64. Moves them where they are int64 already.
Result<std::vector<std::int64_t>> take_integers(Column& column, std::int64_t first_row,
                                                ThreadPool& threads) {
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
      if (std::abs(value) > kExactIntegers)
        return data_invalid("column '" + column.name + "', row " + row_text(first_row, row) + ": " +
                            format_shortest(value) +
                            " is beyond 2^53, where floats pass over integers and different ids "
                            "become one; write the column as integers or text");
      if (value != std::floor(value))
        return data_invalid("column '" + column.name + "', row " + row_text(first_row, row) + ": " +
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

Result<IdColumn> take_ids(Column& column, bool as_text, std::int64_t first_row,
                          ThreadPool& threads) {
  if (column.meaning == Column::Meaning::kTimestamp)
    return data_invalid("column '" + column.name +
                        "' holds times where ids are needed; name another column");
  if (auto* texts = std::get_if<std::vector<std::string>>(&column.values))
    return IdColumn(std::move(*texts));
  CROSSFADE_ASSIGN_OR_RETURN(auto numbers, take_integers(column, first_row, threads));
  if (!as_text) return IdColumn(std::move(numbers));
  std::vector<std::string> texts(numbers.size());
  threads.parallel_for(
      std::ssize(texts), kRowsPerTask, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
          texts[row] = std::to_string(numbers[row]);
      });
  return IdColumn(std::move(texts));
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

// New texts among the rows, sorted, go behind those known; rows get the number of theirs.
void number_texts(const std::vector<std::string>& texts, const Nulls& nulls,
                  std::vector<std::string>& known, std::vector<std::int64_t>& numbers) {
  std::vector<std::string> found;
  const auto is_known = [&](const std::string& text) {
    return std::find(known.begin(), known.end(), text) != known.end();
  };
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (!is_null(nulls, row) && (found.empty() || found.back() != texts[row]) &&
        std::find(found.begin(), found.end(), texts[row]) == found.end() && !is_known(texts[row])) {
      found.push_back(texts[row]);
      if (std::ssize(known) + std::ssize(found) > kMaxKinds) return;
    }
  std::sort(found.begin(), found.end());
  known.insert(known.end(), found.begin(), found.end());
  std::unordered_map<std::string_view, std::int64_t> number;
  for (std::size_t i = 0; i < known.size(); ++i)
    number.emplace(known[i], static_cast<std::int64_t>(i));
  numbers.resize(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row)
    if (!is_null(nulls, row)) numbers[row] = number.find(texts[row])->second;
}

Result<std::vector<std::uint8_t>> take_kinds(Column& column, std::int64_t first_row,
                                             ThreadPool& threads, LogState& state) {
  std::vector<std::int64_t> numbers;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
    number_texts(*texts, column.nulls, state.kinds, numbers);
    if (numbers.size() != texts->size())
      return data_invalid("column '" + column.name + "' has more than " +
                          std::to_string(kMaxKinds) +
                          " distinct kinds, which is the most; name another column");
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(numbers, take_integers(column, first_row, threads));
  }
  std::vector<std::uint8_t> kinds(numbers.size());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (numbers[row] < 0 || numbers[row] >= kMaxKinds)
      return data_invalid("column '" + column.name + "', row " + row_text(first_row, row) +
                          ": kind " + std::to_string(numbers[row]) + " is not between 0 and 255");
    kinds[row] = static_cast<std::uint8_t>(numbers[row]);
  }
  return kinds;
}

Result<std::vector<std::int64_t>> take_sessions(Column& column, std::int64_t first_row,
                                                ThreadPool& threads) {
  const auto* texts = std::get_if<std::vector<std::string>>(&column.values);
  if (!texts) return take_integers(column, first_row, threads);
  std::vector<std::int64_t> numbers(texts->size());
  for (std::size_t row = 0; row < texts->size(); ++row)
    if (!is_null(column.nulls, row))
      numbers[row] = static_cast<std::int64_t>(hash_bytes((*texts)[row]) >> 1);
  return numbers;
}

// Marks rows without a session; returns how many.
std::int64_t mark_missing(const Nulls& nulls, std::vector<std::int64_t>& sessions) {
  std::int64_t missing = 0;
  for (std::size_t row = 0; row < nulls.size(); ++row) {
    if (nulls[row] == 0) continue;
    sessions[row] = kNoSession;
    ++missing;
  }
  return missing;
}

// What the schema says about kinds, by number.
class KindRules {
 public:
  KindRules(const LogSchema& schema, const std::vector<std::string>& names) {
    weights_.fill(std::numeric_limits<float>::quiet_NaN());
    wanted_.fill(schema.only_kinds.empty());
    for (const auto& [name, weight] : schema.kind_weights)
      if (const auto kind = number_of(name, schema, names)) weights_[*kind] = weight;
    for (const std::string& name : schema.only_kinds)
      if (const auto kind = number_of(name, schema, names)) wanted_[*kind] = true;
  }
  bool is_wanted(std::uint8_t kind) const { return wanted_[kind]; }
  float weight(std::uint8_t kind) const { return weights_[kind]; }

 private:
  // Names may be of a kind that has not been met yet.
  static std::optional<std::size_t> number_of(const std::string& name, const LogSchema& schema,
                                              const std::vector<std::string>& names) {
    for (const auto* known : {&names, &schema.kind_names}) {
      const auto at = std::find(known->begin(), known->end(), name);
      if (at != known->end()) return static_cast<std::size_t>(at - known->begin());
    }
    const auto number = parse_int(name);
    if (names.empty() && number && *number >= 0 && *number < kMaxKinds)
      return static_cast<std::size_t>(*number);
    return std::nullopt;
  }
  std::array<float, kMaxKinds> weights_;
  std::array<bool, kMaxKinds> wanted_;
};

std::string kind_text(std::uint8_t kind, const LogSchema& schema, const LogState& state) {
  const auto& names = state.kinds.empty() ? schema.kind_names : state.kinds;
  return std::to_string(kind) + (kind < names.size() ? " (" + names[kind] + ")" : "");
}

// Weights by kind, and the marks of kinds that are not wanted.
Status apply_kinds(const LogSchema& schema, const Column& column, std::int64_t first_row,
                   LogState& state, MarkedLog& log) {
  const KindRules rules(schema, state.kinds);
  const std::vector<std::uint8_t>& kinds = log.columns.kinds;
  if (!schema.only_kinds.empty()) {
    log.nulls.unwanted.resize(kinds.size());
    for (std::size_t row = 0; row < kinds.size(); ++row) {
      if (is_null(column.nulls, row) || rules.is_wanted(kinds[row])) continue;
      log.nulls.unwanted[row] = 1;
      ++state.unwanted;
    }
  }
  if (schema.kind_weights.empty()) return ok_status();
  log.columns.weights.resize(kinds.size());
  for (std::size_t row = 0; row < kinds.size(); ++row) {
    const float weight = rules.weight(kinds[row]);
    log.columns.weights[row] = std::isnan(weight) ? 0 : weight;
    if (std::isnan(weight) && !is_null(column.nulls, row) && !is_null(log.nulls.unwanted, row))
      return data_invalid("column '" + column.name + "', row " + row_text(first_row, row) +
                          ": kind " + kind_text(kinds[row], schema, state) +
                          " has no weight; say one with --weights, or leave such rows out with "
                          "--only-kinds");
  }
  return ok_status();
}

// Seconds of listening as weights.
void weigh_plays(const LogSchema& schema, std::vector<float>& lengths) {
  for (float& length : lengths) {
    if (!(length >= 0)) continue;  // clean_log() names and drops these
    const float share = schema.full_play_s > 0 ? std::min(length / schema.full_play_s, 1.F) : 1.F;
    length = length < schema.skip_under_s ? 0 : share;
  }
}

// Adds places to times: rows of one time then stand in the order of their places, wherever they
// stand in the log. Bad places are marked.
Status add_order(Column& column, std::int64_t first_row, ThreadPool& threads, MarkedLog& log) {
  if (column.meaning == Column::Meaning::kTimestamp)
    return data_invalid("column '" + column.name +
                        "' holds times where places in an order are needed; name another column");
  CROSSFADE_ASSIGN_OR_RETURN(const auto places, take_integers(column, first_row, threads));
  std::vector<std::int64_t>& times = log.columns.time_ns;
  const auto mark = [&](std::size_t row, std::uint8_t fault) {
    log.nulls.orders.resize(places.size());
    log.nulls.orders[row] = fault;
  };
  for (std::size_t row = 0; row < places.size(); ++row) {
    if (is_null(column.nulls, row)) {
      mark(row, LogNulls::kMissing);
    } else if (places[row] < 0 || places[row] > kMostOrder) {
      mark(row, LogNulls::kOutOfRange);
    } else if (times[row] % (kMostOrder + 1) == 0) {
      times[row] += places[row];
    } else if (!is_null(log.nulls.times, row) && times[row] > 0 &&
               times[row] < std::numeric_limits<std::int64_t>::max()) {
      return data_invalid(
          "row " + row_text(first_row, row) + ": the order in column '" + column.name +
          "' is for days and whole seconds, and this time has a fraction (" +
          std::to_string(times[row] % (kMostOrder + 1)) +
          " ns); times that fine need no order: leave the column out with --order none");
    }
  }
  return ok_status();
}

}  // namespace

Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, Context& context,
                                 ImportReport& report) {
  LogState state;
  auto log = to_log_columns(std::move(table), schema, 0, state, context, report);
  if (log.ok()) add_notes(schema, state, report);
  return log;
}

Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, std::int64_t first_row,
                                 LogState& state, Context& context, ImportReport& report) {
  ThreadPool& threads = context.threads;
  MarkedLog log;
  Column& users = column_of(table, schema.user);
  CROSSFADE_ASSIGN_OR_RETURN(log.columns.users,
                             take_ids(users, schema.ids_are_text, first_row, threads));
  log.nulls.users = std::move(users.nulls);
  Column& items = column_of(table, schema.item);
  CROSSFADE_ASSIGN_OR_RETURN(log.columns.items,
                             take_ids(items, schema.ids_are_text, first_row, threads));
  log.nulls.items = std::move(items.nulls);
  if (!schema.time.empty()) {
    Column& column = column_of(table, schema.time);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.time_ns, take_times(column, schema.time_unit,
                                                               state.time_unit, first_row, report));
    log.nulls.times = std::move(column.nulls);
    log.times = std::move(column);
  }
  if (Column* column = find_column(table, schema.order)) {
    CROSSFADE_RETURN_IF_ERROR(add_order(*column, first_row, threads, log));
    state.ordered = true;
  }
  for (const std::string* name : {&schema.weight, &schema.length}) {
    if (name->empty()) continue;
    Column& column = column_of(table, *name);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.weights, take_weights(column));
    log.nulls.weights = std::move(column.nulls);
    if (name == &schema.length) weigh_plays(schema, log.columns.weights);
  }
  if (!schema.kind.empty()) {
    Column& column = column_of(table, schema.kind);
    if (state.kinds.empty() && std::holds_alternative<std::vector<std::string>>(column.values))
      state.kinds = schema.kind_names;
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.kinds, take_kinds(column, first_row, threads, state));
    CROSSFADE_RETURN_IF_ERROR(apply_kinds(schema, column, first_row, state, log));
    log.nulls.kinds = std::move(column.nulls);
  }
  if (!schema.session.empty()) {
    Column& column = column_of(table, schema.session);
    CROSSFADE_ASSIGN_OR_RETURN(log.columns.sessions, take_sessions(column, first_row, threads));
    state.missing_sessions += mark_missing(column.nulls, log.columns.sessions);
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return log;
}

void add_notes(const LogSchema& schema, const LogState& state, ImportReport& report) {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < state.kinds.size(); ++i)
    said.push_back(std::to_string(i) + " = " + state.kinds[i]);
  if (!said.empty())
    report.notes.push_back("kinds in column '" + schema.kind + "': " + join(said, ", "));
  if (state.ordered)
    report.notes.push_back("column '" + schema.order +
                           "' orders rows of equal times: it is added to them as nanoseconds");
  if (state.unwanted > 0)
    report.notes.push_back(format_count(state.unwanted) + " rows of other kinds than " +
                           join(schema.only_kinds, ", ") + " were left out, as asked");
  if (state.missing_sessions > 0)
    report.notes.push_back(
        "column '" + schema.session + "': " +
        counted(state.missing_sessions, "row has no session; such rows are ",
                "rows have no session; they are ") +
        (schema.time.empty() ? "sessions of their own"
                             : "in sessions of their own, which end with a pause of 30 minutes"));
}

}  // namespace crossfade
