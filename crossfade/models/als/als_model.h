// AlsModel: factors of users and items; the score of a pair is their inner product.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/als/als_config.h"
#include "crossfade/models/als/als_fold_in.h"
#include "crossfade/models/model.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// All of it maps from the files of an artifact.
struct AlsColumns {
  FactorMatrix users, items;
  Array<float> item_strengths;  // diagonal of items^T items
  // Eigenvectors of users^T users, one axis per row, and their eigenvalues: for new items.
  Array<float> user_axes, user_strengths;
};

// Who is recommended for: by default the history in the view is folded in, so that training and
// serving answer alike and a new event counts at once; with RecommendOptions::stored_users a user
// of the training data is answered from the factors that training left. A user without history
// has the stored factors, or, if unknown, no answer.
class AlsModel final : public Model {
 public:
  // Errors (data invalid): columns whose shapes do not fit or that are not finite.
  static Result<std::unique_ptr<Model>> make(const AlsConfig& config, std::string domain,
                                             AlsColumns columns);

  std::string_view name() const override { return "als"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return columns_.items.rows; }
  const AlsConfig& config() const { return config_; }
  const AlsColumns& columns() const { return columns_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // By cosine of the item factors. O(items * factors).
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // Through an index of the items' directions: far below items^2 products in practice. It finds
  // some more than k and scores them as similar() does, so answers are the same where no more than
  // those lie within a rounding of each other.
  Result<std::vector<std::vector<ScoredItem>>> similar_batch(std::span<const ItemIndex> items,
                                                             std::int64_t k,
                                                             Context& context) const override;
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

  // The factors that recommend() looks for this user's items with; empty if there is no answer.
  std::vector<float> query(const UserView& view, std::size_t domain_index,
                           const RecommendOptions& options) const;
  // recommend() and recommend_batch() for users whose factors come from elsewhere (empty: no
  // answer); `seen` and the views say only what they have seen.
  std::vector<ScoredItem> answer(std::span<const float> factors, const History& seen,
                                 const RecommendOptions& options) const;
  using QueryOf = std::function<std::vector<float>(const UserView& view)>;
  Result<Candidates> answer_batch(std::span<const UserView> views, std::size_t domain_index,
                                  const QueryOf& query_of, const RecommendOptions& options,
                                  Context& context) const;

  // The factors of a user with this history; zeros if nothing in it counts.
  std::vector<float> fold_in_user(const History& history) const;
  // The factors of a new item that these users met, with these weights (empty: 1 each). Costs
  // factors^2 more per user than fold_in_user: the axes of the user factors are others.
  std::vector<float> fold_in_item(std::span<const UserIndex> users,
                                  std::span<const float> weights) const;

 private:
  AlsModel(const AlsConfig& config, std::string domain, AlsColumns columns)
      : config_(config), domain_(std::move(domain)), columns_(std::move(columns)) {}
  AlsFixedSide item_side() const;

  AlsConfig config_;
  std::string domain_;
  AlsColumns columns_;
  std::vector<float> inverse_norms_;  // of the items; 0 for a zero row
  std::unique_ptr<TopKIndex> index_;
};

}  // namespace crossfade
