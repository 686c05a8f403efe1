// Encodes the ids, sorts the rows by user and rank (or falling score), and cuts them into lists.
#include "crossfade/cli/lists_for_bundle.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

// A column of any number type as doubles; empty if there is no such column.
std::vector<double> numbers(const Table& table, const std::string& name) {
  std::vector<double> values;
  const Column* column = table.find(name);
  if (!column) return values;
  std::visit(
      [&](const auto& source) {
        using Value = typename std::decay_t<decltype(source)>::value_type;
        if constexpr (std::is_arithmetic_v<Value>) values.assign(source.begin(), source.end());
      },
      column->values);
  return values;
}

Result<std::vector<std::int32_t>> known_indices(const Table& table, const std::string& name,
                                                const Vocabulary& vocabulary) {
  std::vector<std::int32_t> indices;
  const Column* column = table.find(name);
  std::string unknown;
  std::visit(
      [&](const auto& ids) {
        using Id = typename std::decay_t<decltype(ids)>::value_type;
        if constexpr (std::is_integral_v<Id> || std::is_same_v<Id, std::string>)
          for (const Id& id : ids) {
            indices.push_back(vocabulary.find(ExternalId(id)));
            if (indices.back() == kUnknown && unknown.empty()) unknown = to_text(ExternalId(id));
          }
      },
      column->values);
  if (!unknown.empty())
    return data_invalid("the store has no " + name + " '" + unknown +
                        "'; lists for a bundle are made from the same store");
  return indices;
}

// Rows by user, within a user by rank, else by falling score, else as they stand.
std::vector<std::size_t> order_of(const std::vector<std::int32_t>& users,
                                  const std::vector<double>& ranks,
                                  const std::vector<double>& scores) {
  std::vector<std::size_t> order(users.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (users[a] != users[b]) return users[a] < users[b];
    if (!ranks.empty()) return ranks[a] < ranks[b];
    return !scores.empty() && scores[a] > scores[b];
  });
  return order;
}

Result<IdColumn> ids_of(const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column) {
    if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&column->values))
      return IdColumn(*numbers);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column->values))
      return IdColumn(*texts);
    if (const auto* narrow = std::get_if<std::vector<std::int32_t>>(&column->values))
      return IdColumn(std::vector<std::int64_t>(narrow->begin(), narrow->end()));
  }
  return data_invalid("the column " + name + " is missing or holds no ids");
}

IdColumn in_order(const IdColumn& ids, const std::vector<std::size_t>& order) {
  return std::visit(
      [&](const auto& values) -> IdColumn {
        std::decay_t<decltype(values)> sorted;
        sorted.reserve(order.size());
        for (const std::size_t row : order) sorted.push_back(values[row]);
        return sorted;
      },
      ids);
}

}  // namespace

Result<ListFile> read_list_table(const std::string& path, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_recommendations(path, context));
  auto users = ids_of(table, "user_id");
  if (!users.ok()) return users.status().at(path);
  auto items = ids_of(table, "item_id");
  if (!items.ok()) return items.status().at(path);
  CROSSFADE_ASSIGN_OR_RETURN(const Encoded encoded, encode_ids(Vocabulary(), *users));
  const auto order = order_of(encoded.indices, numbers(table, "rank"), numbers(table, "score"));
  ListFile lists;
  lists.by = ListsBy::kUser;
  lists.items = in_order(*items, order);
  std::vector<std::size_t> first_rows;  // of every list: its user's id
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool next = i == 0 || encoded.indices[order[i]] != encoded.indices[order[i - 1]];
    if (next && i > 0) lists.offsets.push_back(static_cast<std::int64_t>(i));
    if (next) first_rows.push_back(order[i]);
  }
  if (!order.empty()) lists.offsets.push_back(static_cast<std::int64_t>(order.size()));
  lists.keys = in_order(*users, first_rows);
  return lists;
}

Result<Candidates> read_lists(const std::string& path, const Dataset& dataset, std::size_t domain,
                              Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_recommendations(path, context));
  auto users = known_indices(table, "user_id", dataset.users());
  if (!users.ok()) return users.status().at(path);
  auto items = known_indices(table, "item_id", dataset.domains()[domain].items);
  if (!items.ok()) return items.status().at(path);
  const std::vector<double> ranks = numbers(table, "rank"), scores = numbers(table, "score");

  const std::vector<std::size_t> order = order_of(*users, ranks, scores);
  Candidates lists;
  lists.source_names = {"list"};
  lists.sources.assign(order.size(), 0);
  for (const std::size_t row : order) {
    if (lists.users.empty() || lists.users.back() != (*users)[row]) {
      lists.users.push_back((*users)[row]);
      lists.offsets.push_back(lists.offsets.back());
    }
    // Without scores the place in the list stands for one, so that scores fall within a list.
    const auto place =
        static_cast<double>(++lists.offsets.back() - lists.offsets[lists.offsets.size() - 2]);
    lists.items.push_back((*items)[row]);
    lists.scores.push_back(static_cast<float>(scores.empty() ? 1 / place : scores[row]));
  }
  const Status status = lists.check(dataset.num_users(), dataset.domains()[domain].items.size());
  if (!status.ok()) return status.at(path);
  return lists;
}

}  // namespace crossfade
