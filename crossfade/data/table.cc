// Lookup by name, the invariants of a table, and the taking out of rows.
#include "crossfade/data/table.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace crossfade {
namespace {

template <class T>
bool is_sound(const std::vector<T>&) {
  return true;
}

template <class T>
bool is_sound(const Lists<T>& lists) {
  return !lists.offsets.empty() && lists.offsets.front() == 0 &&
         lists.offsets.back() == std::ssize(lists.values) &&
         std::is_sorted(lists.offsets.begin(), lists.offsets.end());
}

template <class T>
void append(std::vector<T>& values, const std::vector<T>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

template <class T>
void append(Lists<T>& lists, const Lists<T>& more) {
  const std::int64_t shift = lists.offsets.back();
  append(lists.values, more.values);
  for (std::size_t i = 1; i < more.offsets.size(); ++i)
    lists.offsets.push_back(shift + more.offsets[i]);
}

template <class T>
void keep_marked(std::vector<T>& values, const std::vector<std::uint8_t>& marks) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < marks.size(); ++row) {
    if (marks[row] == 0) continue;
    if (kept != row) values[kept] = std::move(values[row]);
    ++kept;
  }
  values.resize(kept);
}

template <class T>
void keep_marked(Lists<T>& lists, const std::vector<std::uint8_t>& marks) {
  Lists<T> kept;
  for (std::size_t row = 0; row < marks.size(); ++row)
    if (marks[row] != 0) kept.push_back(lists[row]);
  lists = std::move(kept);
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& held) { return held.size(); }, values);
}

const Column* Table::find(const std::string& name) const {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [&](const Column& column) { return column.name == name; });
  return at == columns.end() ? nullptr : &*at;
}

Status Table::check() const {
  for (const Column& column : columns) {
    if (!std::visit([](const auto& values) { return is_sound(values); }, column.values))
      return data_invalid("the lists of column '" + column.name +
                          "' do not follow each other: their offsets have to rise from 0 to the "
                          "number of values");
    if (find(column.name) != &column)
      return data_invalid("two columns are called '" + column.name + "'; each needs its own name");
    if (column.size() != num_rows())
      return data_invalid("column '" + column.name + "' has " + std::to_string(column.size()) +
                          " rows and column '" + columns[0].name + "' has " +
                          std::to_string(num_rows()));
    if (!column.nulls.empty() && column.nulls.size() != column.size())
      return data_invalid("column '" + column.name + "' marks nulls for " +
                          std::to_string(column.nulls.size()) + " rows and has " +
                          std::to_string(column.size()));
    if (column.meaning == Column::Meaning::kTimestamp &&
        !std::holds_alternative<std::vector<std::int64_t>>(column.values))
      return data_invalid("column '" + column.name + "' is a timestamp and not of 64-bit integers");
  }
  return ok_status();
}

void append_rows(Column& column, const Column& more) {
  const std::size_t before = column.size();
  std::visit(
      [&](auto& values) {
        using Values = std::decay_t<decltype(values)>;
        append(values, std::get<Values>(more.values));
      },
      column.values);
  if (column.nulls.empty() && more.nulls.empty()) return;
  column.nulls.resize(before);
  column.nulls.insert(column.nulls.end(), more.nulls.begin(), more.nulls.end());
  column.nulls.resize(column.size());
}

void keep_rows(Column& column, const std::vector<std::uint8_t>& marks) {
  std::visit([&](auto& values) { keep_marked(values, marks); }, column.values);
  if (!column.nulls.empty()) keep_marked(column.nulls, marks);
}

}  // namespace crossfade
