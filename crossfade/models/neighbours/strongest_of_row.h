// StrongestOfRow: the k entries of a row of largest magnitude while they come by, for scores of
// both signs; in memory for 2k of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "crossfade/models/scored.h"

namespace crossfade {

class StrongestOfRow {
 public:
  // k = 0: all.
  explicit StrongestOfRow(std::int64_t k) : k_(static_cast<std::size_t>(k)) {}

  // Zeros are not kept. Equal magnitudes go by the least index, in whatever order they come.
  void offer(ItemIndex item, float score) {
    if (std::abs(score) < least_ || score == 0) return;
    kept_.push_back({item, score});
    if (k_ > 0 && kept_.size() == 2 * k_) cut();
  }
  // As ItemNeighbours has its rows, the largest score first; empties itself.
  std::vector<ScoredItem> take() {
    if (k_ > 0 && kept_.size() > k_) cut();
    std::sort(kept_.begin(), kept_.end(), better);
    std::vector<ScoredItem> row(kept_.begin(), kept_.end());
    kept_.clear();
    least_ = 0;
    return row;
  }

 private:
  void cut() {
    const auto stronger = [](const ScoredItem& a, const ScoredItem& b) {
      const float x = std::abs(a.score), y = std::abs(b.score);
      return x != y ? x > y : a.item < b.item;
    };
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(k_) - 1;
    std::nth_element(kept_.begin(), last, kept_.end(), stronger);
    least_ = std::abs(last->score);
    kept_.resize(k_);
  }

  std::size_t k_;
  float least_ = 0;  // magnitude of the k strongest so far, once there are so many
  std::vector<ScoredItem> kept_;
};

}  // namespace crossfade
