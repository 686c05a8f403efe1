// Types are compared by what they mean to a log, not bit by bit: int32 and int64 ids fit each
// other.
#include "crossfade/io/log_layout.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <type_traits>

#include "crossfade/base/text.h"
#include "crossfade/data/moments.h"
#include "crossfade/io/log_columns.h"

namespace crossfade {
namespace {

constexpr const char* kHiveNull = "__HIVE_DEFAULT_PARTITION__";
constexpr const char* kNothing = "nothing";

std::string kind_of(const Column& column) {
  if (column.meaning == Column::Meaning::kTimestamp) return "times";
  return std::visit(
      [](const auto& values) -> std::string {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (kIsLists<Values>)
          return "lists";
        else
          return std::is_arithmetic_v<typename Values::value_type> ? "numbers" : "text";
      },
      column.values);
}

// "2023-01-15" or "2023-01-15 13:45:00" as nanoseconds since 1970.
std::optional<std::int64_t> parse_time(const std::string& text) {
  const auto day = parse_day(text.substr(0, 10));
  if (!day || text.size() == 10) return day;
  unsigned hour = 0, minute = 0, second = 0;
  int used = 0;
  const std::string clock = text.substr(10);
  if (std::sscanf(clock.c_str(), "%*1[ T]%2u:%2u:%2u%n", &hour, &minute, &second, &used) != 3 ||
      used != static_cast<int>(clock.size()) || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  return *day + std::int64_t{(hour * 60 + minute) * 60 + second} * kSecondNs;
}

Column constant_column(const std::string& name, const std::string& text, std::int64_t num_rows) {
  const auto rows = static_cast<std::size_t>(num_rows);
  Column column;
  column.name = name;
  if (text == kHiveNull) {
    column.values = std::vector<std::int64_t>(rows);
    column.nulls.assign(rows, 1);
  } else if (const auto number = parse_int(text)) {
    column.values = std::vector<std::int64_t>(rows, *number);
  } else if (const auto time = parse_time(text)) {
    column.meaning = Column::Meaning::kTimestamp;
    column.values = std::vector<std::int64_t>(rows, *time);
  } else {
    column.values = std::vector<std::string>(rows, text);
  }
  return column;
}

bool is_partition(const LogInput& input, const std::string& name) {
  return std::any_of(input.partitions.begin(), input.partitions.end(),
                     [&](const auto& partition) { return partition.first == name; });
}

bool is_named(const LogSchema& schema, const std::string& name) {
  const std::vector<std::string> names = columns_of(schema);
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_in_file(const TableStream& stream, const std::string& name) {
  return std::find(stream.names().begin(), stream.names().end(), name) != stream.names().end();
}

bool is_optional(const LogSchema& schema, const std::string& name) {
  return schema.order_is_optional && name == schema.order;
}

}  // namespace

std::vector<WantedColumn> wanted_columns(const LogSchema& schema, const LogInput& input,
                                         const TableStream& stream) {
  std::vector<WantedColumn> wanted;
  for (const std::string& name : columns_of(schema)) {
    const bool in_file = is_in_file(stream, name);
    if (!in_file && (is_partition(input, name) || is_optional(schema, name))) continue;
    WantedColumn column{name};
    const bool is_id = name == schema.user || name == schema.item;
    if (is_id || name == schema.session) column.as = WantedColumn::As::kInt64;
    if (is_id && schema.ids_are_text) column.as = WantedColumn::As::kText;
    if (name == schema.weight || name == schema.length) column.as = WantedColumn::As::kFloat;
    wanted.push_back(std::move(column));
  }
  return wanted;
}

bool has_column(const LogInput& input, const TableStream& stream, const std::string& name) {
  return is_in_file(stream, name) || is_partition(input, name);
}

std::string file_of(const LogLayout& layout, const std::string& name) {
  for (const ColumnLayout& column : layout)
    if (column.name == name && column.holds != kNothing) return column.file;
  return "";
}

Result<LogLayout> layout_of(const LogSchema& schema, const LogInput& input, const Table& columns) {
  Table all = columns;
  add_partitions(schema, input, 1, all);
  LogLayout layout;
  for (const std::string& name : columns_of(schema)) {
    const Column* column = all.find(name);
    if (!column && is_optional(schema, name)) {
      layout.push_back({name, kNothing, input.path});
      continue;
    }
    if (!column) return data_invalid(input.path + " has no column '" + name + "'");
    const bool says_nothing = !columns.find(name) && !column->nulls.empty();  // Hive's null
    std::string kind = says_nothing ? "" : kind_of(*column);
    if (schema.ids_are_text && (name == schema.user || name == schema.item) && kind == "numbers")
      kind = "text";
    layout.push_back({name, std::move(kind), input.path});
  }
  return layout;
}

Status join_layout(LogLayout& known, const LogLayout& other) {
  for (std::size_t c = 0; c < known.size(); ++c) {
    if (known[c].holds == other[c].holds || other[c].holds.empty()) continue;
    if (!known[c].holds.empty())
      return data_invalid("the files disagree about column '" + known[c].name + "': it holds " +
                          known[c].holds + " in " + known[c].file + " and " + other[c].holds +
                          " in " + other[c].file + "; convert one, or import them apart");
    known[c] = other[c];
  }
  return ok_status();
}

Status check_partitions(const LogSchema& schema, const std::vector<LogInput>& inputs) {
  for (const LogInput& input : inputs)
    for (const auto& [name, value] : inputs[0].partitions)
      if (is_named(schema, name) && !is_partition(input, name))
        return data_invalid("the files disagree about column '" + name + "': " + inputs[0].path +
                            " lies in a folder " + name + "=" + value + " and " + input.path +
                            " does not; import them apart");
  return ok_status();
}

void add_partitions(const LogSchema& schema, const LogInput& input, std::int64_t rows,
                    Table& table) {
  for (const auto& [name, value] : input.partitions)
    if (is_named(schema, name) && !table.find(name))
      table.columns.push_back(constant_column(name, value, rows));
}

}  // namespace crossfade
