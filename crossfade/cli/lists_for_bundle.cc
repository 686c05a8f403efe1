// Rows with known ids, and rows with their own; see file_lists.h for their order.
#include "crossfade/cli/lists_for_bundle.h"

#include <utility>

#include "crossfade/cli/file_lists.h"
#include "crossfade/io/candidates_io.h"

namespace crossfade {
namespace {

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
  const auto order =
      order_of_lists(encoded.indices, numbers_of(table, "rank"), numbers_of(table, "score"));
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
  const Candidates lists =
      cut_lists(*users, *items, numbers_of(table, "rank"), numbers_of(table, "score"));
  const Status status = lists.check(dataset.num_users(), dataset.domains()[domain].items.size());
  if (!status.ok()) return status.at(path);
  return lists;
}

}  // namespace crossfade
