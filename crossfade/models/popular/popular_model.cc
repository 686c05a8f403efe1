// Walks the items in order and skips what is not allowed; see popular_model.h.
#include "crossfade/models/popular/popular_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/models/scored.h"

namespace crossfade {

PopularModel::PopularModel(const PopularConfig& config, std::string domain, Array<float> scores)
    : config_(config), domain_(std::move(domain)), scores_(std::move(scores)) {
  for (std::size_t i = 0; i < scores_.size(); ++i)
    if (scores_[i] > 0) order_.push_back(static_cast<ItemIndex>(i));
  std::stable_sort(order_.begin(), order_.end(), [&](ItemIndex a, ItemIndex b) {
    return scores_[static_cast<std::size_t>(a)] > scores_[static_cast<std::size_t>(b)];
  });
}

Result<std::unique_ptr<Model>> PopularModel::make(const PopularConfig& config, std::string domain,
                                                  Array<float> scores) {
  for (float score : scores)
    if (!(score >= 0) || !std::isfinite(score))
      return data_invalid(
          "a score of this popular model is not a number of at least zero; train "
          "it again");
  return std::unique_ptr<Model>(new PopularModel(config, std::move(domain), std::move(scores)));
}

std::vector<ScoredItem> PopularModel::recommend(const UserView& view, std::size_t domain_index,
                                                const RecommendOptions& options) const {
  std::vector<ItemIndex> seen;
  if (!options.keep_seen && domain_index < view.by_domain.size()) {
    const auto items = view.by_domain[domain_index].items;
    seen.assign(items.begin(), items.end());
    std::sort(seen.begin(), seen.end());
  }
  std::vector<ScoredItem> answer;
  for (const ItemIndex item : order_) {
    if (static_cast<std::int64_t>(answer.size()) >= options.k) break;
    const auto i = static_cast<std::size_t>(item);
    if (i < options.hidden.size() && options.hidden[i] != 0) continue;
    if (std::binary_search(seen.begin(), seen.end(), item)) continue;
    answer.push_back({item, scores_[i]});
  }
  return answer;
}

Status PopularModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("popular", knobs_to_json(config_));
  return writer.add<float>("scores.npy", scores_);
}

Result<std::unique_ptr<Model>> load_popular(const Artifact& artifact) {
  PopularConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "popular", settings_from_json(artifact.metadata()["popular"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(auto scores, artifact.read<float>("scores.npy"));
  return PopularModel::make(config, std::move(domain), std::move(scores.values));
}

}  // namespace crossfade
