// ContextualModel: botify's contextual network of 2022. What a session started with says what will
// be listened to long:
//
//   rate = (start[item] + user[u]) . track[other]
//
// rate being the share of `other` that is played in a session that `item` started. The vector of
// the user shapes the others in training; answers are made per item, as the published recommender
// makes them: from the item met last, and without the user's vector unless it is asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/models/contextual/contextual_config.h"
#include "crossfade/models/model.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// All of it maps from the file. Tensors of its safetensors file: start [items, dimensions],
// track [items, dimensions] and, with the knob users, user [users, dimensions].
struct ContextualWeights {
  FactorMatrix start, track;
  FactorMatrix user;  // no rows: without users
};

// Answers whoever has met an item that training knew (whose start is not all zeros), whatever its
// weight: the newest such item.
// stored_users adds the vector of a user of the training data.
class ContextualModel final : public Model {
 public:
  // Errors (data invalid): matrices whose shapes do not fit or that are not finite.
  static Result<std::unique_ptr<Model>> make(const ContextualConfig& config, std::string domain,
                                             ContextualWeights weights);

  std::string_view name() const override { return "contextual"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return weights_.track.rows; }
  const ContextualConfig& config() const { return config_; }
  const ContextualWeights& weights() const { return weights_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override;
  Result<Candidates> recommend_batch(std::span<const UserView> views, std::size_t domain_index,
                                     const RecommendOptions& options,
                                     Context& context) const override;
  // What a session goes on with that `item` started: the catalogue's recommendations.
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override;
  Status save(ArtifactWriter& writer) const override;

 private:
  ContextualModel(const ContextualConfig& config, std::string domain, ContextualWeights weights)
      : config_(config), domain_(std::move(domain)), weights_(std::move(weights)) {}
  bool knows(ItemIndex item) const;
  std::vector<float> query(const UserView& view, std::size_t domain_index,
                           const RecommendOptions& options) const;

  ContextualConfig config_;
  std::string domain_;
  ContextualWeights weights_;
  std::unique_ptr<TopKIndex> index_;
};

}  // namespace crossfade
