// BestOfRow: the k best of a row's scores while they come by, in memory for 2k of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "crossfade/models/scored.h"

namespace crossfade {

class BestOfRow {
 public:
  explicit BestOfRow(std::int64_t k) : k_(static_cast<std::size_t>(std::max<std::int64_t>(k, 1))) {}

  // Scores of zero or less are not kept. Equal scores go by the least index, in whatever order they
  // come.
  void offer(ItemIndex item, float score) {
    if (would_keep(score)) keep(item, score);
  }
  bool would_keep(float score) const { return score > 0 && score >= least_; }
  float least() const { return least_; }
  void keep(ItemIndex item, float score) {
    kept_.push_back({item, score});
    if (kept_.size() == 2 * k_) cut();
  }
  // Best first; empties itself.
  std::vector<ScoredItem> take() {
    keep_best(kept_, static_cast<std::int64_t>(k_));
    std::vector<ScoredItem> list(kept_.begin(), kept_.end());
    kept_.clear();
    least_ = 0;
    return list;
  }

 private:
  void cut() {
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
    std::nth_element(kept_.begin(), last, kept_.end(), better);
    least_ = last->score;
    kept_.resize(k_);
  }

  std::size_t k_;
  float least_ = 0;  // of the k best so far, once there are so many
  std::vector<ScoredItem> kept_;
};

}  // namespace crossfade
