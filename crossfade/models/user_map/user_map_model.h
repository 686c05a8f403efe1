// UserMapModel: ALS of the target whose users may come by a map from other domains.
//
// A user with n interactions in the target, folded into factors x_own, and mapped to x_map, has
//
//     x = (n x_own + prior x_map) / (n + prior):
//
// who is new in the target is what the map says, and the more he does there the more that counts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/als/als_model.h"
#include "crossfade/models/joint/joint_domains.h"
#include "crossfade/models/model.h"
#include "crossfade/models/user_map/user_map.h"
#include "crossfade/models/user_map/user_map_config.h"

namespace crossfade {

class UserMapModel final : public Model {
 public:
  // Errors (data invalid): UserMap::check(), sources that are not those of `domains`, a target of
  // other factors.
  static Result<std::unique_ptr<Model>> make(const UserMapConfig& config,
                                             std::unique_ptr<AlsModel> target, JointDomains domains,
                                             UserMap map);

  std::string_view name() const override { return "user_map"; }
  const std::string& domain() const override { return target_->domain(); }
  std::int64_t num_items() const override { return target_->num_items(); }
  const UserMap& map() const { return map_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // By cosine of the target's item factors.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // What the items of the target add; what the map adds is not named.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status check_helping(const Dataset& dataset) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  UserMapModel(const UserMapConfig& config, std::unique_ptr<AlsModel> target, JointDomains domains,
               UserMap map)
      : config_(config),
        target_(std::move(target)),
        domains_(std::move(domains)),
        map_(std::move(map)) {}
  // n / (n + prior), 1 without a map.
  float own_share(const History& history, bool mapped) const;
  std::vector<float> query(const UserView& view, std::size_t domain_index,
                           const RecommendOptions& options) const;

  UserMapConfig config_;
  std::unique_ptr<AlsModel> target_;
  JointDomains domains_;
  UserMap map_;
};

}  // namespace crossfade
