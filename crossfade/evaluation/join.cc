// Columns are moved out of the table, encoded, and grouped by user.
#include "crossfade/evaluation/join.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <type_traits>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

Column* find_column(Table& table, const std::string& name) {
  const auto at = std::find_if(table.columns.begin(), table.columns.end(),
                               [&](const Column& column) { return column.name == name; });
  return at == table.columns.end() ? nullptr : &*at;
}

Status no_null(const Column& column) {
  const auto at = std::find(column.nulls.begin(), column.nulls.end(), std::uint8_t{1});
  if (at == column.nulls.end()) return ok_status();
  return data_invalid("column '" + column.name + "' has no value in row " +
                      std::to_string(at - column.nulls.begin() + 1));
}

Result<IdColumn> take_ids(Table& table, const std::string& name) {
  Column* column = find_column(table, name);
  if (column == nullptr) {
    std::vector<std::string> known;
    for (const Column& there : table.columns) known.push_back(there.name);
    return data_invalid("there is no column '" + name + "'; the columns are " +
                        (known.empty() ? "none" : join(known, ", ")));
  }
  CROSSFADE_RETURN_IF_ERROR(no_null(*column));
  if (auto* numbers = std::get_if<std::vector<std::int64_t>>(&column->values))
    return IdColumn(std::move(*numbers));
  if (auto* texts = std::get_if<std::vector<std::string>>(&column->values))
    return IdColumn(std::move(*texts));
  if (const auto* numbers = std::get_if<std::vector<std::int32_t>>(&column->values))
    return IdColumn(std::vector<std::int64_t>(numbers->begin(), numbers->end()));
  return data_invalid("column '" + name + "' holds fractions; ids are whole numbers or text");
}

// The order within a user's list: place of row a before that of row b if keys say so.
template <class T>
struct Order {
  const std::vector<T>& keys;
  bool rising;
  bool operator()(std::int64_t a, std::int64_t b) const {
    const T x = keys[static_cast<std::size_t>(a)], y = keys[static_cast<std::size_t>(b)];
    return rising ? x < y : x > y;
  }
};

// The rows' own order.
struct RowOrder {
  bool operator()(std::int64_t, std::int64_t) const { return false; }
};

// Cuts rows that stand by user and in order into lists; false if they do not.
template <class Before>
bool cut(const std::vector<std::int32_t>& users, std::int64_t num_users, const Before& before,
         RankedLists& lists) {
  std::vector<bool> seen(static_cast<std::size_t>(num_users));
  const auto rows = static_cast<std::int64_t>(users.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int32_t user = users[static_cast<std::size_t>(row)];
    if (row > 0 && user == users[static_cast<std::size_t>(row) - 1]) {
      if (before(row, row - 1)) return false;
      continue;
    }
    if (seen[static_cast<std::size_t>(user)]) return false;
    seen[static_cast<std::size_t>(user)] = true;
    lists.users.push_back(user);
    if (row > 0) lists.offsets.push_back(row);
  }
  if (rows > 0) lists.offsets.push_back(rows);
  return true;
}

template <class Before>
RankedLists group(const std::vector<std::int32_t>& users, std::vector<std::int32_t> items,
                  std::int64_t num_users, const Before& before, ThreadPool& threads) {
  RankedLists lists;
  if (cut(users, num_users, before, lists)) {
    lists.items = std::move(items);
    return lists;
  }
  lists = {};
  const StableScatter scatter(users, num_users, threads);
  const std::vector<std::int64_t>& offsets = scatter.offsets();
  std::vector<std::int64_t> rows(users.size());
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  std::vector<std::int64_t> order = scatter.sort(std::span<const std::int64_t>(rows));
  lists.items.resize(items.size());
  threads.parallel_for(num_users, 256, [&](std::int64_t begin, std::int64_t end, int) {
    for (auto u = static_cast<std::size_t>(begin); u < static_cast<std::size_t>(end); ++u) {
      std::stable_sort(order.begin() + offsets[u], order.begin() + offsets[u + 1], before);
      for (auto place = static_cast<std::size_t>(offsets[u]);
           place < static_cast<std::size_t>(offsets[u + 1]); ++place)
        lists.items[place] = items[static_cast<std::size_t>(order[place])];
    }
  });
  for (std::size_t u = 0; u + 1 < offsets.size(); ++u) {
    if (offsets[u] == offsets[u + 1]) continue;
    lists.users.push_back(static_cast<UserIndex>(u));
    lists.offsets.push_back(offsets[u + 1]);
  }
  return lists;
}

// Every key has a value and can be ordered.
Status check_keys(const Column& column) {
  CROSSFADE_RETURN_IF_ERROR(no_null(column));
  return std::visit(
      [&](const auto& keys) -> Status {
        using Key = typename std::decay_t<decltype(keys)>::value_type;
        if constexpr (kIsLists<std::decay_t<decltype(keys)>>) {
          return data_invalid("column '" + column.name + "' holds lists; it has to hold numbers");
        } else if constexpr (std::is_same_v<Key, std::string>) {
          return data_invalid("column '" + column.name + "' holds text; it has to hold numbers");
        } else if constexpr (std::is_floating_point_v<Key>) {
          for (std::size_t row = 0; row < keys.size(); ++row)
            if (std::isnan(keys[row]))
              return data_invalid("column '" + column.name + "' is not a number in row " +
                                  std::to_string(row + 1));
        }
        return ok_status();
      },
      column.values);
}

// Places are counted from 1, and a list has one item at each. Files that are in order, as most are,
// cost one look at each row.
template <class Key>
Status check_places(const std::vector<std::int32_t>& users, const std::vector<Key>& places,
                    const std::string& name) {
  const auto row_of = [](std::size_t row) { return " in row " + std::to_string(row + 1); };
  const std::string advice = "; or leave the column out, then the score orders the items";
  bool rising = true;
  for (std::size_t row = 0; row < places.size(); ++row) {
    if (places[row] < Key{1})
      return data_invalid("column '" + name + "' is below 1" + row_of(row) +
                          "; places are counted from 1" + advice);
    if (row > 0)
      rising &= users[row] > users[row - 1] ||
                (users[row] == users[row - 1] && places[row] > places[row - 1]);
  }
  if (rising) return ok_status();
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t row) { return std::pair(users[row], places[row]); };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  const auto twice = std::adjacent_find(order.begin(), order.end(),
                                        [&](auto a, auto b) { return key(a) == key(b); });
  if (twice == order.end()) return ok_status();
  return data_invalid("column '" + name + "' gives a user two items at one place" +
                      row_of(std::max(twice[0], twice[1])) + "; number a user's items 1, 2, 3" +
                      advice);
}

}  // namespace

Result<EvalJoin::Pairs> EvalJoin::encode(Table& table, const EvalColumns& columns) {
  CROSSFADE_RETURN_IF_ERROR(table.check());
  CROSSFADE_ASSIGN_OR_RETURN(const IdColumn users, take_ids(table, columns.user));
  CROSSFADE_ASSIGN_OR_RETURN(const IdColumn items, take_ids(table, columns.item));
  Result<Encoded> user = encode_ids(users_, users);
  if (!user.ok()) return user.status().at("column '" + columns.user + "'");
  Result<Encoded> item = encode_ids(items_, items);
  if (!item.ok()) return item.status().at("column '" + columns.item + "'");
  users_ = std::move(user->vocabulary);
  items_ = std::move(item->vocabulary);
  return Pairs{std::move(user->indices), std::move(item->indices)};
}

Result<Truth> EvalJoin::truth(Table table, const EvalColumns& columns, ThreadPool& threads) {
  CROSSFADE_ASSIGN_OR_RETURN(const Pairs pairs, encode(table, columns));
  return make_truth(pairs.users, pairs.items, users_.size(), threads);
}

Result<RankedLists> EvalJoin::lists(Table table, const EvalColumns& columns, ThreadPool& threads) {
  CROSSFADE_ASSIGN_OR_RETURN(Pairs pairs, encode(table, columns));
  const Column* rank = find_column(table, columns.rank);
  const Column* order = rank ? rank : find_column(table, columns.score);
  if (order == nullptr)
    return group(pairs.users, std::move(pairs.items), users_.size(), RowOrder(), threads);
  CROSSFADE_RETURN_IF_ERROR(check_keys(*order));
  return std::visit(
      [&](const auto& keys) -> Result<RankedLists> {
        using Key = typename std::decay_t<decltype(keys)>::value_type;
        if constexpr (std::is_arithmetic_v<Key>) {
          if (rank) CROSSFADE_RETURN_IF_ERROR(check_places(pairs.users, keys, columns.rank));
          return group(pairs.users, std::move(pairs.items), users_.size(),
                       Order<Key>{keys, rank != nullptr}, threads);
        } else {
          return RankedLists();  // check_keys() lets only numbers pass
        }
      },
      order->values);
}

}  // namespace crossfade
