// AttributesModel: items that share labels with those of the user's history.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/models/attributes/attributes_config.h"
#include "crossfade/models/attributes/label_matrix.h"
#include "crossfade/models/model.h"

namespace crossfade {

// Answers whoever has met an item with a label, known or not. Items need no users.
class AttributesModel final : public Model {
 public:
  // What an item says about its labels, and what a label says about its items. Errors (data
  // invalid): LabelMatrix::check().
  static Result<std::unique_ptr<Model>> make(const AttributesConfig& config, std::string domain,
                                             LabelMatrix items, LabelMatrix labels);

  std::string_view name() const override { return "attributes"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return items_.rows(); }

  // O(the labels of the history's items, and the items of those labels, at most label_items each).
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // What a history of this item alone is answered.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // The terms of the item's sum.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  AttributesModel(const AttributesConfig& config, std::string domain, LabelMatrix items,
                  LabelMatrix labels)
      : config_(config),
        domain_(std::move(domain)),
        items_(std::move(items)),
        labels_(std::move(labels)) {}
  template <class Sums>
  std::vector<ScoredItem> answer(const History& history, const RecommendOptions& options,
                                 Sums& sums) const;

  AttributesConfig config_;
  std::string domain_;
  LabelMatrix items_, labels_;
};

}  // namespace crossfade
