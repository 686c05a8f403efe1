// Item by item over its plays, in groups by what was played before; see transitions_trainer.h.
#include "crossfade/models/transitions/transitions_trainer.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/models/covisit/covisit_trainer.h"
#include "crossfade/models/covisit/weighed_plays.h"
#include "crossfade/models/neighbours/best_of_row.h"
#include "crossfade/models/neighbours/plays.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/transitions/transitions_model.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItemsPerTask = 64;

// The pairs that one item is the second of.
struct Pairs {
  std::vector<ItemIndex> firsts;
  std::vector<std::vector<ScoredItem>> followers;
};

class Follower {
 public:
  Follower(const TransitionsConfig& config, const Domain& domain, WeighedPlays weighed,
           Targets targets, ThreadPool& threads)
      : config_(config),
        weighed_(std::move(weighed)),
        targets_(targets),
        plays_(lay_out_plays(domain, config.first.within == "session")),
        where_(plays_, domain.items.size(), threads) {
    CovisitConfig distances = config.first;
    distances.window = config.pair_window;
    shares_ = shares_by_distance(distances);
  }

  Pairs pairs_of(ItemIndex second, DenseSums& sums) const {
    std::vector<std::pair<ItemIndex, std::int64_t>> met;  // what was before, and the place
    for (const std::int64_t place : where_.of(second))
      if (plays_.first[at(place)] == 0) met.emplace_back(plays_.items[at(place) - 1], place);
    std::sort(met.begin(), met.end());
    Pairs pairs;
    for (std::size_t begin = 0, end = 0; begin < met.size(); begin = end) {
      while (end < met.size() && met[end].first == met[begin].first) ++end;
      if (static_cast<std::int64_t>(end - begin) < config_.pair_plays) continue;
      auto list = followers_of({met.data() + begin, end - begin}, second, sums);
      if (list.empty()) continue;
      pairs.firsts.push_back(met[begin].first);
      pairs.followers.push_back(std::move(list));
    }
    return pairs;
  }

 private:
  std::vector<ScoredItem> followers_of(std::span<const std::pair<ItemIndex, std::int64_t>> plays,
                                       ItemIndex second, DenseSums& sums) const {
    double count = 0;
    sums.expect(plays.size() * shares_.size());
    for (const auto& play : plays) {
      const auto place = at(play.second);
      const float own = weighed_.first.empty() ? 1 : weighed_.first[at(plays_.rows[place])];
      count += own;
      for (std::size_t d = 1; d <= shares_.size() && plays_.first[place + d] == 0; ++d) {
        float share = own * shares_[d - 1];
        if (!weighed_.second.empty()) share *= weighed_.second[at(plays_.rows[place + d])];
        if (share > 0) sums.add(plays_.items[place + d], share);
      }
    }
    const double scale = count > 0 ? config_.pair_weight / (count + config_.pair_trust) : 0;
    BestOfRow best(config_.pair_followers);
    sums.take([&](ItemIndex item, float sum) {
      if ((item == second && !config_.first.repeats) || !targets_.has(item)) return;
      best.offer(item, static_cast<float>(scale * sum) * weighed_.arriving[at(item)]);
    });
    return best.take();
  }

  const TransitionsConfig& config_;
  WeighedPlays weighed_;
  Targets targets_;
  Plays plays_;
  PlacesOfItems where_;
  std::vector<float> shares_;
};

PairFollowers as_columns(std::vector<Pairs>& by_second) {
  std::vector<std::int64_t> pair_offsets{0}, offsets{0};
  std::vector<ItemIndex> firsts, items;
  std::vector<float> scores;
  for (Pairs& pairs : by_second) {
    firsts.insert(firsts.end(), pairs.firsts.begin(), pairs.firsts.end());
    pair_offsets.push_back(std::ssize(firsts));
    for (const std::vector<ScoredItem>& list : pairs.followers) {
      for (const ScoredItem& scored : list) {
        items.push_back(scored.item);
        scores.push_back(scored.score);
      }
      offsets.push_back(std::ssize(items));
    }
    pairs = {};
  }
  return {std::move(pair_offsets), std::move(firsts), std::move(offsets), std::move(items),
          std::move(scores)};
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  TransitionsConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "transitions", input.settings));
  CROSSFADE_ASSIGN_OR_RETURN(
      const Domain domain,
      with_kind_weights(input.dataset.domains()[input.domain_index], config.first.use.kinds));
  CROSSFADE_RETURN_IF_ERROR(check_plays("transitions", domain));
  CROSSFADE_ASSIGN_OR_RETURN(ItemNeighbours singles,
                             find_covisits(config.first, domain, context, input.targets));
  CROSSFADE_ASSIGN_OR_RETURN(PairFollowers pairs,
                             follow_pairs(config, domain, context, input.targets));
  return TransitionsModel::make(config, domain.name, std::move(singles), std::move(pairs));
}

}  // namespace

Result<PairFollowers> follow_pairs(const TransitionsConfig& config, const Domain& domain,
                                   Context& context, Targets targets) {
  CROSSFADE_ASSIGN_OR_RETURN(WeighedPlays weighed, weigh_plays(config.first, domain));
  const std::int64_t num_items = domain.items.size();
  context.progress.begin("transitions: pairs", num_items, "items");
  const Follower follower(config, domain, std::move(weighed), targets, context.threads);
  std::vector<DenseSums> sums(at(context.threads.num_threads()), DenseSums(num_items));
  std::vector<Pairs> by_second(at(num_items));
  context.threads.parallel_for(
      num_items, kItemsPerTask, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load()) return;
        for (std::int64_t item = begin; item < end; ++item)
          by_second[at(item)] = follower.pairs_of(static_cast<ItemIndex>(item), sums[at(worker)]);
        context.progress.advance(end - begin);
      });
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return as_columns(by_second);
}

TrainerEntry transitions_trainer() {
  return {"what follows the last two items, backed off to what follows single ones",
          list_knobs<TransitionsConfig>(), &train};
}

}  // namespace crossfade
