// PopularModel: one score per item, the same for everyone, unless users' segments or categories are
// told apart.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/models/model.h"
#include "crossfade/models/popular/popular_config.h"
#include "crossfade/models/popular/popular_groups.h"

namespace crossfade {

// Answers everybody, known or not. Items with a score of zero (nobody met them in the window) are
// never recommended.
class PopularModel final : public Model {
 public:
  // Errors (data invalid): a score that is negative or not finite; PopularGroups::check().
  static Result<std::unique_ptr<Model>> make(const PopularConfig& config, std::string domain,
                                             Array<float> scores, PopularGroups groups = {});

  std::string_view name() const override { return "popular"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return static_cast<std::int64_t>(scores_.size()); }
  std::span<const float> scores() const { return scores_; }

  // O(k + history), because the items are kept in order, and of the user's segment or categories.
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  PopularModel(const PopularConfig& config, std::string domain, Array<float> scores,
               PopularGroups groups);
  // What is said for this user besides popularity among all, best first, and what that is
  // multiplied by; nothing and 1 where users are not told apart.
  struct Own {
    std::vector<ScoredItem> items;
    float scale = 1;
  };
  Own own_of(const UserView& view, std::size_t domain_index) const;
  std::vector<ScoredItem> by_category(const History& history) const;

  PopularConfig config_;
  std::string domain_;
  Array<float> scores_;
  PopularGroups groups_;
  double total_ = 0;              // of the scores
  std::vector<ItemIndex> order_;  // items of positive score, best first
};

}  // namespace crossfade
