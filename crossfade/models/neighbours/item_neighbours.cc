// From lists to columns, and what columns that are read have to fulfil.
#include "crossfade/models/neighbours/item_neighbours.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "crossfade/models/scored.h"

namespace crossfade {
ItemNeighbours ItemNeighbours::of(const std::vector<std::vector<ScoredItem>>& lists) {
  std::vector<std::int64_t> offsets{0};
  std::size_t total = 0;
  for (const auto& list : lists) offsets.push_back(static_cast<std::int64_t>(total += list.size()));
  std::vector<ItemIndex> items;
  std::vector<float> scores;
  items.reserve(total);
  scores.reserve(total);
  for (const auto& list : lists)
    for (const ScoredItem& scored : list) {
      items.push_back(scored.item);
      scores.push_back(scored.score);
    }
  return {std::move(offsets), std::move(items), std::move(scores)};
}

ItemNeighbours ItemNeighbours::of_columns(const std::vector<std::vector<ScoredItem>>& columns) {
  std::vector<std::int64_t> offsets(columns.size() + 1);
  for (const auto& column : columns)
    for (const ScoredItem& from : column) ++offsets[static_cast<std::size_t>(from.item) + 1];
  for (std::size_t i = 0; i < columns.size(); ++i) offsets[i + 1] += offsets[i];
  std::vector<ItemIndex> items(static_cast<std::size_t>(offsets.back()));
  std::vector<float> scores(items.size());
  std::vector<std::int64_t> next(offsets.begin(), offsets.end() - 1);
  for (std::size_t j = 0; j < columns.size(); ++j)
    for (const ScoredItem& from : columns[j]) {
      const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(from.item)]++);
      items[at] = static_cast<ItemIndex>(j);
      scores[at] = from.score;
    }
  std::vector<ScoredItem> row;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    row.clear();
    for (std::size_t at = begin; at < static_cast<std::size_t>(offsets[i + 1]); ++at)
      row.push_back({items[at], scores[at]});
    std::sort(row.begin(), row.end(), better);
    for (std::size_t n = 0; n < row.size(); ++n) {
      items[begin + n] = row[n].item;
      scores[begin + n] = row[n].score;
    }
  }
  return {std::move(offsets), std::move(items), std::move(scores)};
}

Status ItemNeighbours::check() const {
  const auto refuse = [](const std::string& what) {
    return data_invalid("the neighbours of this model " + what + "; train it again");
  };
  if (offsets.empty() || offsets[0] != 0 || items.size() != scores.size() ||
      offsets[offsets.size() - 1] != std::ssize(items))
    return refuse("do not fit their offsets");
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i] > offsets[i + 1]) return refuse("do not fit their offsets");
    for (auto at = static_cast<std::size_t>(offsets[i]);
         at < static_cast<std::size_t>(offsets[i + 1]); ++at) {
      if (at >= items.size()) return refuse("do not fit their offsets");
      if (items[at] < 0 || items[at] >= num_items()) return refuse("name items that it has not");
      if (!std::isfinite(scores[at])) return refuse("have scores that are not finite");
    }
  }
  return ok_status();
}

}  // namespace crossfade
