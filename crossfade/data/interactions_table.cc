// Indices back to external ids, column by column.
#include "crossfade/data/interactions_table.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace crossfade {
namespace {

// Calls body(domain, user, row) for every interaction in order.
template <class Body>
void for_each_interaction(const Dataset& dataset, const Body& body) {
  for (const Domain& domain : dataset.domains())
    for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user)
      for (auto row = domain.offsets[user]; row < domain.offsets[user + 1]; ++row)
        body(domain, static_cast<UserIndex>(user), static_cast<std::size_t>(row));
}

std::int64_t total_rows(const Dataset& dataset) {
  std::int64_t rows = 0;
  for (const Domain& domain : dataset.domains()) rows += domain.num_interactions();
  return rows;
}

// `index_of` gives the vocabulary and the index of one interaction.
template <class IndexOf>
Column id_column(const Dataset& dataset, const std::string& name, bool text,
                 const IndexOf& index_of) {
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
  const auto rows = static_cast<std::size_t>(total_rows(dataset));
  text ? texts.reserve(rows) : numbers.reserve(rows);
  for_each_interaction(dataset, [&](const Domain& domain, UserIndex user, std::size_t row) {
    const auto [ids, index] = index_of(domain, user, row);
    if (text)
      texts.push_back(ids->id_text(index));
    else
      numbers.push_back(ids->numbers()[static_cast<std::size_t>(index)]);
  });
  if (text) return {name, std::move(texts)};
  return {name, std::move(numbers)};
}

Column time_column(const Dataset& dataset) {
  std::vector<std::int64_t> times;
  std::vector<std::uint8_t> nulls;
  bool any_null = false;
  for_each_interaction(dataset, [&](const Domain& domain, UserIndex, std::size_t row) {
    const bool missing = domain.time_ns.empty();
    times.push_back(missing ? 0 : domain.time_ns[row]);
    nulls.push_back(missing ? 1 : 0);
    any_null = any_null || missing;
  });
  if (!any_null) nulls.clear();
  return {"time", std::move(times), Column::Meaning::kTimestamp, std::move(nulls)};
}

}  // namespace

Table interactions_table(const Dataset& dataset) {
  const auto& domains = dataset.domains();
  using Id = std::pair<const Vocabulary*, std::int32_t>;
  Table table;
  table.columns.push_back(id_column(
      dataset, "user_id", dataset.users().is_text(),
      [&](const Domain&, UserIndex user, std::size_t) { return Id(&dataset.users(), user); }));
  const bool text_items = std::any_of(domains.begin(), domains.end(), [](const Domain& domain) {
    return domain.items.is_text() && domain.items.size() > 0;
  });
  table.columns.push_back(id_column(dataset, "item_id", text_items,
                                    [](const Domain& domain, UserIndex, std::size_t row) {
                                      return Id(&domain.items, domain.item[row]);
                                    }));
  if (domains.size() > 1) {
    std::vector<std::string> names;
    for (const Domain& domain : domains) names.insert(names.end(), domain.item.size(), domain.name);
    table.columns.push_back({"domain", std::move(names)});
  }
  if (std::any_of(domains.begin(), domains.end(),
                  [](const Domain& domain) { return !domain.time_ns.empty(); }))
    table.columns.push_back(time_column(dataset));
  std::vector<float> weights;
  for (const Domain& domain : domains)
    weights.insert(weights.end(), domain.weight.begin(), domain.weight.end());
  table.columns.push_back({"weight", std::move(weights)});
  return table;
}

}  // namespace crossfade
