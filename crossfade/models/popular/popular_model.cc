// Walks the items in order and skips what is not allowed; see popular_model.h.
#include "crossfade/models/popular/popular_model.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "crossfade/base/at.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"

namespace crossfade {

PopularModel::PopularModel(const PopularConfig& config, std::string domain, Array<float> scores,
                           PopularGroups groups)
    : config_(config),
      domain_(std::move(domain)),
      scores_(std::move(scores)),
      groups_(std::move(groups)) {
  for (std::size_t i = 0; i < scores_.size(); ++i) {
    total_ += scores_[i];
    if (scores_[i] > 0) order_.push_back(static_cast<ItemIndex>(i));
  }
  std::stable_sort(order_.begin(), order_.end(), [&](ItemIndex a, ItemIndex b) {
    return scores_[static_cast<std::size_t>(a)] > scores_[static_cast<std::size_t>(b)];
  });
}

Result<std::unique_ptr<Model>> PopularModel::make(const PopularConfig& config, std::string domain,
                                                  Array<float> scores, PopularGroups groups) {
  for (float score : scores)
    if (!(score >= 0) || !std::isfinite(score))
      return data_invalid(
          "a score of this popular model is not a number of at least zero; train "
          "it again");
  CROSSFADE_RETURN_IF_ERROR(groups.check(std::ssize(scores)));
  return std::unique_ptr<Model>(
      new PopularModel(config, std::move(domain), std::move(scores), std::move(groups)));
}

std::vector<ScoredItem> PopularModel::by_category(const History& history) const {
  SparseSums sums;
  sums.expect(history.size());
  double weight = 0;
  for (std::size_t n = 0; n < history.size(); ++n)
    if (history.weights[n] > 0 && history.items[n] >= 0 && history.items[n] < num_items()) {
      sums.add(history.items[n], 1);
      ++weight;
    }
  std::vector<ScoredItem> met, liked;
  std::size_t most = 0;
  sums.take([&](ItemIndex item, float count) {
    met.push_back({item, count});
    most += groups_.items.columns_of(item).size();
  });
  sums.expect(most);
  for (const ScoredItem& one : met)
    for (std::size_t n = 0; n < groups_.items.columns_of(one.item).size(); ++n)
      sums.add(groups_.items.columns_of(one.item)[n],
               one.score * groups_.items.values_of(one.item)[n]);
  most = 0;
  sums.take([&](std::int32_t category, float share) {
    liked.push_back({category, static_cast<float>(share / weight)});
    most += groups_.categories.columns_of(category).size();
  });
  sums.expect(most);
  for (const ScoredItem& one : liked)
    for (std::size_t n = 0; n < groups_.categories.columns_of(one.item).size(); ++n)
      sums.add(groups_.categories.columns_of(one.item)[n],
               one.score * groups_.categories.values_of(one.item)[n]);
  std::vector<ScoredItem> list;
  sums.take([&](ItemIndex item, float score) { list.push_back({item, score}); });
  return list;
}

PopularModel::Own PopularModel::own_of(const UserView& view, std::size_t domain_index) const {
  Own own;
  if (!groups_.segment_of_user.empty()) {
    own.scale = static_cast<float>(config_.smoothing / total_);
    const bool known = view.user >= 0 && view.user < std::ssize(groups_.segment_of_user);
    const std::int32_t segment =
        known ? groups_.segment_of_user[static_cast<std::size_t>(view.user)] : -1;
    if (segment < 0) return own;
    const auto items = groups_.segments.columns_of(segment);
    for (std::size_t n = 0; n < items.size(); ++n)
      own.items.push_back({items[n], groups_.segments.values_of(segment)[n]});
  } else if (!groups_.items.offsets.empty()) {
    own.scale = static_cast<float>(config_.global_share / total_);
    own.items = by_category(history_of(view, domain_index));
    for (ScoredItem& one : own.items) one.score *= static_cast<float>(1 - config_.global_share);
  }
  for (ScoredItem& one : own.items)
    one.score += own.scale * scores_[static_cast<std::size_t>(one.item)];
  std::sort(own.items.begin(), own.items.end(), better);
  return own;
}

std::vector<ScoredItem> PopularModel::recommend(const UserView& view, std::size_t domain_index,
                                                const RecommendOptions& options) const {
  std::vector<ItemIndex> seen;
  if (!options.keep_seen && domain_index < view.by_domain.size()) {
    const auto items = view.by_domain[domain_index].items;
    seen.assign(items.begin(), items.end());
    std::sort(seen.begin(), seen.end());
  }
  const Own own = own_of(view, domain_index);
  // An item's own score is above what all have of it, so it is met among the own ones first.
  std::unordered_set<ItemIndex> met;
  std::vector<ScoredItem> answer;
  for (std::size_t a = 0, b = 0;
       std::ssize(answer) < options.k && (a < own.items.size() || b < order_.size());) {
    ScoredItem next;
    if (b < order_.size()) next = {order_[b], own.scale * scores_[at(order_[b])]};
    if (a < own.items.size() && (next.item < 0 || !better(next, own.items[a]))) {
      next = own.items[a++];
      met.insert(next.item);
    } else {
      ++b;
      if (met.contains(next.item)) continue;
    }
    const std::size_t i = at(next.item);
    if (i < options.hidden.size() && options.hidden[i] != 0) continue;
    if (std::binary_search(seen.begin(), seen.end(), next.item)) continue;
    answer.push_back(next);
  }
  return answer;
}

Status PopularModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("popular", knobs_to_json(config_));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("scores.npy", scores_));
  return groups_.write(writer);
}

Result<std::unique_ptr<Model>> load_popular(const Artifact& artifact) {
  PopularConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "popular", settings_from_json(artifact.metadata()["popular"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(auto scores, artifact.read<float>("scores.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(PopularGroups groups, PopularGroups::read(artifact));
  return PopularModel::make(config, std::move(domain), std::move(scores.values), std::move(groups));
}

}  // namespace crossfade
