// TransitionsModel: what follows single items, and what follows the last two.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/transitions/pair_followers.h"
#include "crossfade/models/transitions/transitions_config.h"

namespace crossfade {

// Answers whoever has played an item that has followers, known or not.
class TransitionsModel final : public Model {
 public:
  // Errors (data invalid): those of the columns' check().
  static Result<std::unique_ptr<Model>> make(const TransitionsConfig& config, std::string domain,
                                             ItemNeighbours singles, PairFollowers pairs);

  std::string_view name() const override { return "transitions"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return singles_.num_items(); }

  // O(sum of the rows of the history's items).
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // What follows the item alone.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // The terms of the item's sum; what a pair says is halved between its items.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  TransitionsModel(const TransitionsConfig& config, std::string domain, ItemNeighbours singles,
                   PairFollowers pairs)
      : config_(config),
        domain_(std::move(domain)),
        singles_(std::move(singles)),
        pairs_(std::move(pairs)) {}
  template <class Sums>
  std::vector<ScoredItem> answer(const History& history, const RecommendOptions& options,
                                 Sums& sums) const;
  // The last two plays that count, if they are of one sequence; the older one first.
  std::pair<ItemIndex, ItemIndex> last_pair(const History& history) const;

  TransitionsConfig config_;
  std::string domain_;
  ItemNeighbours singles_;
  PairFollowers pairs_;
};

}  // namespace crossfade
