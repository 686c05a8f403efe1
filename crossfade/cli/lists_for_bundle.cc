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

}  // namespace

Result<Candidates> read_lists(const std::string& path, const Dataset& dataset, std::size_t domain,
                              Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Table table, read_recommendations(path, context));
  auto users = known_indices(table, "user_id", dataset.users());
  if (!users.ok()) return users.status().at(path);
  auto items = known_indices(table, "item_id", dataset.domains()[domain].items);
  if (!items.ok()) return items.status().at(path);
  const std::vector<double> ranks = numbers(table, "rank"), scores = numbers(table, "score");

  std::vector<std::size_t> order(users->size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if ((*users)[a] != (*users)[b]) return (*users)[a] < (*users)[b];
    if (!ranks.empty()) return ranks[a] < ranks[b];
    return !scores.empty() && scores[a] > scores[b];
  });

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
