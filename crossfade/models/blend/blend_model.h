// BlendModel: several models of one domain that answer as one, with fallbacks for whom they have
// too little for.
//
// It is what a chain "personal, else popular" and a mixture of generators have in common, and it is
// a Model: recommended from, packed into bundles and served like any other. A user with at most
// `cold_events` events is answered by the fallbacks alone, if there are any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/blend/blend.h"
#include "crossfade/models/model.h"

namespace crossfade {

struct BlendPart {
  std::shared_ptr<const Model> model;
  double weight = 1;                 // not of a fallback
  bool fallback = false;             // fallbacks stand behind all others
  Json provenance = Json::object();  // of the part, kept
};

class BlendModel final : public Model {
 public:
  // Errors (usage): no part that is merged, one behind a fallback, those of Blend::make(). Errors
  // (data invalid): parts of several domains, or trained over other users or items.
  static Result<std::unique_ptr<Model>> make(const BlendConfig& config,
                                             std::vector<BlendPart> parts);
  // From what save() wrote.
  static Result<std::unique_ptr<Model>> load(const Artifact& artifact, Verify verify);

  std::string_view name() const override { return "blend"; }
  const std::string& domain() const override { return parts_[0].model->domain(); }
  std::int64_t num_items() const override { return parts_[0].model->num_items(); }
  const std::vector<BlendPart>& parts() const { return parts_; }
  const BlendConfig& config() const { return blend_.config(); }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  // Sources are the parts' names.
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // Those of the first part that has any.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  std::vector<ScoredItem> explain(const UserView& view, std::size_t domain_index, ItemIndex item,
                                  std::int64_t k) const override;
  Status check_helping(const Dataset& dataset) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  BlendModel(Blend blend, std::vector<BlendPart> parts)
      : blend_(std::move(blend)), parts_(std::move(parts)) {}
  std::size_t num_merged() const { return blend_.weights().size(); }
  bool is_cold(const UserView& view) const;

  using Lists = std::vector<std::vector<BlendedItem>>;
  Result<Lists> blend_batch(std::span<const UserView> views, std::size_t domain_index,
                            const RecommendOptions& options, Context& context) const;
  Status fill_batch(std::span<const UserView> views, std::size_t domain_index,
                    const RecommendOptions& options, Lists& lists, Context& context) const;

  Blend blend_;
  std::vector<BlendPart> parts_;
};

}  // namespace crossfade
