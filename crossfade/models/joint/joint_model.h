// JointModel: any generator that learned on several domains as one, answering for its target.
//
// It joins the histories of a view, asks the model inside, and lets only items of the target
// through. So every generator can be asked for domain B by a user who is known only in A, offline
// and in the service, and knows nothing of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/joint/joint_domains.h"
#include "crossfade/models/model.h"

namespace crossfade {

class JointModel final : public Model {
 public:
  // `inside` was trained on join_domains(.., domains). Errors (data invalid): another number of
  // items.
  static Result<std::unique_ptr<Model>> make(std::unique_ptr<Model> inside, JointDomains domains);
  // From what save() put beside the columns of the model inside.
  static Result<std::unique_ptr<Model>> load(std::unique_ptr<Model> inside, const Json& joint);

  std::string_view name() const override { return inside_->name(); }
  const std::string& domain() const override { return inside_->domain(); }
  std::int64_t num_items() const override { return domains_.num_items; }
  const JointDomains& domains() const { return domains_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // Of the target's items.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  // By items of the target; what the other domains add is not named.
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status check_helping(const Dataset& dataset) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  JointModel(std::unique_ptr<Model> inside, JointDomains domains)
      : inside_(std::move(inside)), domains_(std::move(domains)) {}
  std::vector<std::uint8_t> hide_others(std::span<const std::uint8_t> hidden) const;

  std::unique_ptr<Model> inside_;
  JointDomains domains_;
};

}  // namespace crossfade
