// TopKCollector: the best k items seen so far by one query, with its filters.
//
// Offers go to a buffer of k and some more; when it is full, a selection keeps the best k, and the
// k-th of them becomes the threshold below which nothing needs to be offered. A heap would pay
// log k for each offer, this pays a constant. Score and item are packed into one 64-bit key whose
// order is the order of the answer: score descending, then item ascending.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "crossfade/retrieval/topk.h"

namespace crossfade {

class TopKCollector {
 public:
  // Ready for query `query` of options.seen.
  void start(const TopKOptions& options, std::int64_t query, std::int64_t num_items);

  // No item scoring below this can be in the answer; -infinity until k are collected.
  float threshold() const { return threshold_; }

  // Takes the item into account unless it is hidden or seen. Offer every item at most once.
  void offer(std::int32_t item, float score) {
    if (score >= threshold_ && allowed(item)) add(item, score);
  }
  // True if the item is neither hidden nor seen. Most unseen items are told from the seen ones by
  // one bit of a small table, and all of a small catalogue's are.
  bool allowed(std::int32_t item) const {
    if (!hidden_.empty() && hidden_[static_cast<std::size_t>(item)] != 0) return false;
    return !marked_[mark_of(item)] || (!exact_ && !seen(item));
  }
  // Raises threshold() if enough has been offered since for a selection to be worth its cost.
  void tighten() {
    const auto k = static_cast<std::size_t>(k_);
    if (keys_.size() >= k + (threshold_ == kNone ? 0 : k / 8 + 8)) select();
  }

  // The answer, best first.
  std::vector<ScoredItem> finish();

 private:
  static constexpr float kNone = -std::numeric_limits<float>::infinity();

  static constexpr std::size_t kMarks = 8192;
  static std::size_t mark_of(std::int32_t item) { return static_cast<std::size_t>(item) % kMarks; }

  void take_seen(std::span<const std::int32_t> items, std::int64_t num_items);
  bool seen(std::int32_t item) const;
  void add(std::int32_t item, float score);
  void select();

  std::int64_t k_ = 0;
  std::size_t capacity_ = 0;
  float threshold_ = kNone;
  HiddenItems hidden_;
  std::bitset<kMarks> marked_;          // mark_of() of every seen item
  bool exact_ = false;                  // every item has a mark of its own
  std::span<const std::int32_t> seen_;  // sorted
  std::vector<std::int32_t> sorted_seen_;
  std::vector<std::uint64_t> keys_;
};

}  // namespace crossfade
