// Blend: several ranked lists of one user become one, every item once.
//
// Weighted lists are merged by one of four rules, then fallbacks fill what is missing, one after
// the other. With w_l the weight of list l and r_l(i) the place of item i there, from 1:
//
//   reciprocal_rank   score(i) = sum over lists of w_l / (c + r_l(i)); Cormack, Clarke, Buettcher,
//                     Reciprocal Rank Fusion outperforms Condorcet, SIGIR 2009 (there c = 60)
//   scores            score(i) = sum over lists of w_l * (s_l(i) - min_l) / (max_l - min_l);
//                     CombSUM of Fox, Shaw, Combination of Multiple Searches, TREC-2, 1994; equal
//                     scores count as 1
//   quota             list l gets k * w_l / sum of w places (largest remainders), in the order of
//                     the lists; places that a list cannot fill go to the others
//   interleave        place by place the list that is owed most, w_l a turn: lists of equal weights
//                     take turns
//
// The first two order by score, equal ones by item; the last two give the n-th place a score of
// 1 / n. Fallbacks' items have the score 0 behind the first two. A single list stays as it is,
// scores and all, and what fills it has 0 or its last score, whichever is less. The same lists give
// the same blend, bit by bit. Filters stay with whoever makes the lists: a blend adds no item.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/data/ids.h"
#include "crossfade/models/blend/blend_config.h"

namespace crossfade {

// One user's list, best first, an item at most once. Scores are one per item, or none (then a
// blend by scores counts 1 / place).
struct RankedList {
  std::span<const ItemIndex> items;
  std::span<const float> scores;
};

struct BlendedItem {
  ItemIndex item = kUnknown;
  float score = 0;
  std::uint16_t list = 0;  // which gave it; of several the one that added most, the first of equals
  bool operator==(const BlendedItem&) const = default;
};

class Blend {
 public:
  // One weight per list that is merged. Errors (usage): none, more than 65,535, a weight that is
  // not a number from 0 on, or all of them 0.
  static Result<Blend> make(const BlendConfig& config, std::vector<double> weights);

  const BlendConfig& config() const { return config_; }
  const std::vector<double>& weights() const { return weights_; }
  // How many items to ask of each list for a blend of k.
  std::int64_t depth(std::int64_t k) const { return k > config_.depth ? k : config_.depth; }

  // At most k items of `lists`, one per weight in their order; a list may be empty.
  std::vector<BlendedItem> merge(std::span<const RankedList> lists, std::int64_t k) const;
  // Appends items of a fallback, which is called `list`, until there are k.
  void fill(std::vector<BlendedItem>& blended, const RankedList& fallback, std::uint16_t list,
            std::int64_t k) const;

 private:
  Blend(const BlendConfig& config, std::vector<double> weights)
      : config_(config), weights_(std::move(weights)) {}
  bool by_score() const {
    return weights_.size() == 1 || config_.by == "reciprocal_rank" || config_.by == "scores";
  }

  BlendConfig config_;
  std::vector<double> weights_;
};

}  // namespace crossfade
