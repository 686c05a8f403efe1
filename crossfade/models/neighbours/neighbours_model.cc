// Summing rows, filtering and cutting; see neighbours_model.h.
#include "crossfade/models/neighbours/neighbours_model.h"

#include <algorithm>
#include <utility>

#include "crossfade/models/neighbours/best_of_sums.h"
#include "crossfade/models/neighbours/sums.h"

namespace crossfade {
Result<std::unique_ptr<Model>> NeighboursModel::make(Origin origin, const HistoryUse& use,
                                                     ItemNeighbours neighbours) {
  CROSSFADE_RETURN_IF_ERROR(neighbours.check());
  return std::unique_ptr<Model>(new NeighboursModel(std::move(origin), use, std::move(neighbours)));
}

template <class Sums>
std::vector<ScoredItem> NeighboursModel::answer(const History& history,
                                                const RecommendOptions& options, Sums& sums) const {
  neighbours_.add_rows(use_.weigh(history, num_items(), sums), sums);
  return best_of_sums(history, num_items(), options, sums);
}

std::vector<ScoredItem> NeighboursModel::recommend(const UserView& view, std::size_t domain_index,
                                                   const RecommendOptions& options) const {
  SparseSums sums;
  return answer(history_of(view, domain_index), options, sums);
}

Result<Candidates> NeighboursModel::recommend_batch(std::span<const UserView> views,
                                                    std::size_t domain_index,
                                                    const RecommendOptions& options,
                                                    Context& context) const {
  return answer_each_by_sums(
      *this, views, domain_index, context,
      [&](const History& history, DenseSums& sums) { return answer(history, options, sums); });
}

std::vector<ScoredItem> NeighboursModel::similar(ItemIndex item, std::int64_t k) const {
  return best_of_item_row(neighbours_, item, k);
}

std::vector<ScoredItem> NeighboursModel::explain(const UserView& view, std::size_t domain_index,
                                                 ItemIndex item, std::int64_t k) const {
  std::vector<ScoredItem> terms;
  SparseSums sums;
  for (const ScoredItem& from : use_.weigh(history_of(view, domain_index), num_items(), sums)) {
    const auto items = neighbours_.items_of(from.item);
    const auto found = std::find(items.begin(), items.end(), item);
    if (found == items.end()) continue;
    const auto at = static_cast<std::size_t>(found - items.begin());
    terms.push_back({from.item, from.score * neighbours_.scores_of(from.item)[at]});
  }
  keep_best(terms, k);
  return terms;
}

Status NeighboursModel::save(ArtifactWriter& writer) const {
  writer.metadata().set(origin_.generator, origin_.knobs);
  return write_neighbours(neighbours_, writer);
}

std::vector<ScoredItem> best_of_item_row(const ItemNeighbours& neighbours, ItemIndex item,
                                         std::int64_t k) {
  std::vector<ScoredItem> list;
  if (item < 0 || item >= neighbours.num_items()) return list;
  const auto items = neighbours.items_of(item);
  const auto scores = neighbours.scores_of(item);
  for (std::size_t n = 0; n < items.size() && std::ssize(list) < k && scores[n] > 0; ++n)
    if (items[n] != item) list.push_back({items[n], scores[n]});
  return list;
}

Status write_neighbours(const ItemNeighbours& neighbours, ArtifactWriter& writer) {
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("offsets.npy", neighbours.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("items.npy", neighbours.items));
  return writer.add<float>("scores.npy", neighbours.scores);
}

Result<ItemNeighbours> read_neighbours(const Artifact& artifact) {
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>("offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto items, artifact.read<ItemIndex>("items.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto scores, artifact.read<float>("scores.npy"));
  return ItemNeighbours{std::move(offsets.values), std::move(items.values),
                        std::move(scores.values)};
}

}  // namespace crossfade
