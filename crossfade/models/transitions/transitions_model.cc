// Rows of single items and of the last pair added up; see transitions_model.h.
#include "crossfade/models/transitions/transitions_model.h"

#include <algorithm>

#include "crossfade/models/neighbours/best_of_sums.h"
#include "crossfade/models/neighbours/neighbours_model.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"

namespace crossfade {
namespace {

// What a row says of `item`; 0 if it does not name it.
float score_in(std::span<const ItemIndex> items, std::span<const float> scores, ItemIndex item) {
  const auto found = std::find(items.begin(), items.end(), item);
  return found == items.end() ? 0 : scores[static_cast<std::size_t>(found - items.begin())];
}

}  // namespace

Result<std::unique_ptr<Model>> TransitionsModel::make(const TransitionsConfig& config,
                                                      std::string domain, ItemNeighbours singles,
                                                      PairFollowers pairs) {
  CROSSFADE_RETURN_IF_ERROR(singles.check());
  CROSSFADE_RETURN_IF_ERROR(pairs.check(singles.num_items()));
  return std::unique_ptr<Model>(
      new TransitionsModel(config, std::move(domain), std::move(singles), std::move(pairs)));
}

std::pair<ItemIndex, ItemIndex> TransitionsModel::last_pair(const History& history) const {
  std::pair<ItemIndex, ItemIndex> pair{kUnknown, kUnknown};
  std::size_t last = history.size();
  for (std::size_t i = history.size(); i-- > 0;) {
    if (!(config_.first.use.kinds.weight(history, i) > 0)) continue;
    if (last == history.size()) {
      last = i;
      continue;
    }
    const bool apart = config_.first.within == "session" && !history.sessions.empty() &&
                       history.sessions[i] != history.sessions[last];
    if (!apart) pair = {history.items[i], history.items[last]};
    break;
  }
  return pair;
}

template <class Sums>
std::vector<ScoredItem> TransitionsModel::answer(const History& history,
                                                 const RecommendOptions& options,
                                                 Sums& sums) const {
  const auto [first, second] = last_pair(history);
  const PairFollowers::Row followers = pairs_.find(first, second);
  singles_.add_rows(config_.first.use.weigh(history, num_items(), sums), sums,
                    followers.items.size());
  for (std::size_t n = 0; n < followers.items.size(); ++n)
    sums.add(followers.items[n], followers.scores[n]);
  return best_of_sums(history, num_items(), options, sums);
}

std::vector<ScoredItem> TransitionsModel::recommend(const UserView& view, std::size_t domain_index,
                                                    const RecommendOptions& options) const {
  SparseSums sums;
  return answer(history_of(view, domain_index), options, sums);
}

Result<Candidates> TransitionsModel::recommend_batch(std::span<const UserView> views,
                                                     std::size_t domain_index,
                                                     const RecommendOptions& options,
                                                     Context& context) const {
  return answer_each_by_sums(
      *this, views, domain_index, context,
      [&](const History& history, DenseSums& sums) { return answer(history, options, sums); });
}

std::vector<ScoredItem> TransitionsModel::similar(ItemIndex item, std::int64_t k) const {
  return best_of_item_row(singles_, item, k);
}

std::vector<ScoredItem> TransitionsModel::explain(const UserView& view, std::size_t domain_index,
                                                  ItemIndex item, std::int64_t k) const {
  const History history = history_of(view, domain_index);
  const auto [first, second] = last_pair(history);
  const PairFollowers::Row followers = pairs_.find(first, second);
  const float half = score_in(followers.items, followers.scores, item) / 2;
  std::vector<ScoredItem> terms;
  SparseSums sums;
  for (const ScoredItem& from : config_.first.use.weigh(history, num_items(), sums))
    terms.push_back({from.item, from.score * score_in(singles_.items_of(from.item),
                                                      singles_.scores_of(from.item), item)});
  for (const ItemIndex of : {first, second}) {
    const auto term = std::find_if(terms.begin(), terms.end(),
                                   [&](const ScoredItem& one) { return one.item == of; });
    if (term != terms.end())
      term->score += half;
    else if (half > 0)
      terms.push_back({of, half});
  }
  std::erase_if(terms, [](const ScoredItem& term) { return term.score == 0; });
  keep_best(terms, k);
  return terms;
}

Status TransitionsModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("transitions", knobs_to_json(config_));
  CROSSFADE_RETURN_IF_ERROR(write_neighbours(singles_, writer));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("pair_offsets.npy", pairs_.pair_offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("pair_firsts.npy", pairs_.firsts));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("follower_offsets.npy", pairs_.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("follower_items.npy", pairs_.items));
  return writer.add<float>("follower_scores.npy", pairs_.scores);
}

Result<std::unique_ptr<Model>> load_transitions(const Artifact& artifact) {
  TransitionsConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "transitions",
                                           settings_from_json(artifact.metadata()["transitions"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours singles, read_neighbours(artifact));
  CROSSFADE_ASSIGN_OR_RETURN(auto pair_offsets, artifact.read<std::int64_t>("pair_offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto firsts, artifact.read<ItemIndex>("pair_firsts.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>("follower_offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto items, artifact.read<ItemIndex>("follower_items.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto scores, artifact.read<float>("follower_scores.npy"));
  return TransitionsModel::make(
      config, std::move(domain), std::move(singles),
      {std::move(pair_offsets.values), std::move(firsts.values), std::move(offsets.values),
       std::move(items.values), std::move(scores.values)});
}

}  // namespace crossfade
