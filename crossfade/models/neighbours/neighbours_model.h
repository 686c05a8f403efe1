// NeighboursModel: the model of every generator that ends in ItemNeighbours. What such generators
// differ in is how they train; what they hand on is this.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/models/neighbours/history_use.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/scored.h"

namespace crossfade {

// Answers whoever has met an item that has neighbours, known or not: items whose score is above
// zero. Lists may be shorter than k.
class NeighboursModel final : public Model {
 public:
  // What a generator says of itself: its name, and its knobs for the manifest.
  struct Origin {
    std::string generator, domain;
    Json knobs;
  };
  // Errors (data invalid): ItemNeighbours::check().
  static Result<std::unique_ptr<Model>> make(Origin origin, const HistoryUse& use,
                                             ItemNeighbours neighbours);

  std::string_view name() const override { return origin_.generator; }
  const std::string& domain() const override { return origin_.domain; }
  std::int64_t num_items() const override { return neighbours_.num_items(); }
  const ItemNeighbours& neighbours() const { return neighbours_; }

  // O(sum of the rows of the history's items).
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // The item's own row, as far as it is above zero.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // The terms of the item's sum.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  NeighboursModel(Origin origin, const HistoryUse& use, ItemNeighbours neighbours)
      : origin_(std::move(origin)), use_(use), neighbours_(std::move(neighbours)) {}
  template <class Sums>
  std::vector<ScoredItem> answer(const History& history, const RecommendOptions& options,
                                 Sums& sums) const;

  Origin origin_;
  HistoryUse use_;
  ItemNeighbours neighbours_;
};

// The k largest positive scores of the item's row, without itself; empty for an unknown item.
std::vector<ScoredItem> best_of_item_row(const ItemNeighbours& neighbours, ItemIndex item,
                                         std::int64_t k);
// The columns of a model that is such a matrix, or has one.
Status write_neighbours(const ItemNeighbours& neighbours, ArtifactWriter& writer);
// What write_neighbours() wrote. Errors (data invalid): a column is missing or of another type.
Result<ItemNeighbours> read_neighbours(const Artifact& artifact);

// load_<name>() of a generator whose Config has a HistoryUse as its member `use`.
template <class Config>
Result<std::unique_ptr<Model>> load_neighbours(const Artifact& artifact, const std::string& name) {
  Config config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, name, settings_from_json(artifact.metadata()[name])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours neighbours, read_neighbours(artifact));
  return NeighboursModel::make({name, std::move(domain), knobs_to_json(config)}, config.use,
                               std::move(neighbours));
}

}  // namespace crossfade
