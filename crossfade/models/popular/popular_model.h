// PopularModel: one score per item, the same for everyone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/models/model.h"
#include "crossfade/models/popular/popular_config.h"

namespace crossfade {

// Answers everybody, known or not. Items with a score of zero (nobody met them in the window) are
// never recommended.
class PopularModel final : public Model {
 public:
  // Errors (data invalid): a score that is negative or not finite.
  static Result<std::unique_ptr<Model>> make(const PopularConfig& config, std::string domain,
                                             Array<float> scores);

  std::string_view name() const override { return "popular"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return static_cast<std::int64_t>(scores_.size()); }
  std::span<const float> scores() const { return scores_; }

  // O(k + history), because the items are kept in order.
  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  PopularModel(const PopularConfig& config, std::string domain, Array<float> scores);

  PopularConfig config_;
  std::string domain_;
  Array<float> scores_;
  std::vector<ItemIndex> order_;  // items of positive score, best first
};

}  // namespace crossfade
