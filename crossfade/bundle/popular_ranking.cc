// A user is counted once per item: the last user who was seen with an item is remembered.
#include "crossfade/bundle/popular_ranking.h"

#include <algorithm>
#include <vector>

namespace crossfade {
namespace {

std::vector<ScoredItem> rank_by_users(const Domain& domain) {
  std::vector<ScoredItem> ranking(static_cast<std::size_t>(domain.items.size()));
  for (std::size_t i = 0; i < ranking.size(); ++i) ranking[i].item = static_cast<ItemIndex>(i);
  std::vector<UserIndex> last_user(ranking.size(), kUnknown);
  const auto num_users = static_cast<UserIndex>(domain.offsets.size() - 1);
  for (UserIndex user = 0; user < num_users; ++user)
    for (const ItemIndex item : domain.history(user).items) {
      const auto at = static_cast<std::size_t>(item);
      ranking[at].score += last_user[at] == user ? 0.0f : 1.0f;
      last_user[at] = user;
    }
  std::sort(ranking.begin(), ranking.end(), [](const ScoredItem& a, const ScoredItem& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  });
  return ranking;
}

std::vector<ScoredItem> rank_by_model(const Dataset& dataset, std::size_t domain,
                                      const Model& popular) {
  const std::vector<History> nothing(dataset.domains().size());
  RecommendOptions all;
  all.k = dataset.domains()[domain].items.size();
  all.keep_seen = true;
  return popular.recommend({kUnknown, nothing}, domain, all);
}

}  // namespace

PopularRanking rank_popular(const Dataset& dataset, std::size_t domain, const Model* popular,
                            std::int64_t num_items) {
  std::vector<ScoredItem> ranking =
      popular ? rank_by_model(dataset, domain, *popular) : rank_by_users(dataset.domains()[domain]);
  std::vector<std::uint8_t> ranked(static_cast<std::size_t>(num_items), 0);
  for (const ScoredItem& scored : ranking) ranked[static_cast<std::size_t>(scored.item)] = 1;
  const float lowest = ranking.empty() ? 0 : std::min(0.0f, ranking.back().score);
  for (std::size_t item = 0; item < ranked.size(); ++item)
    if (!ranked[item]) ranking.push_back({static_cast<ItemIndex>(item), lowest});

  std::vector<ItemIndex> items;
  std::vector<float> scores;
  for (const ScoredItem& scored : ranking) {
    items.push_back(scored.item);
    scores.push_back(scored.score);
  }
  return {std::move(items), std::move(scores)};
}

}  // namespace crossfade
