// ContentModel: the items whose given vectors point where those of the user's history do.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/models/content/content_config.h"
#include "crossfade/models/model.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// Answers whoever has met an item that has a vector, known or not. Items need no users: who has a
// vector is recommended, who has none never.
class ContentModel final : public Model {
 public:
  // `items` has a row per item: its vector, of the length that scores are multiplied by; zeros for
  // an item without a vector. Errors (data invalid): FactorMatrix::check().
  static Result<std::unique_ptr<Model>> make(const ContentConfig& config, std::string domain,
                                             FactorMatrix items);

  std::string_view name() const override { return "content"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return items_.rows; }
  const FactorMatrix& items() const { return items_; }

  // O(history * dims) and a search in the index.
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // By cosine. O(items * dims).
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // The terms of the item's inner product with the mean.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  ContentModel(const ContentConfig& config, std::string domain, FactorMatrix items)
      : config_(config), domain_(std::move(domain)), items_(std::move(items)) {}
  // What each item of the history that has a vector counts, the one met last first.
  std::vector<ScoredItem> weigh(const History& history) const;
  // The direction of their mean; empty where there is none.
  std::vector<float> query(const History& history) const;
  // Hidden items and those without a vector.
  std::vector<std::uint8_t> never_answered(HiddenItems hidden) const;

  ContentConfig config_;
  std::string domain_;
  FactorMatrix items_;
  std::vector<float> inverse_norms_;  // 0 for an item without a vector
  std::unique_ptr<TopKIndex> index_;
};

}  // namespace crossfade
