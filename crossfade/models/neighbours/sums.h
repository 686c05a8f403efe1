// Sums per item, two ways with the same results: DenseSums has a float for every item and is made
// once per thread for a batch; SparseSums is a hash table and is made for one user in a server,
// where clearing a float per item would cost more than the answer.
//
// Both remember items in the order in which they were first met. A sum that comes back to zero
// counts as not met.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "crossfade/data/ids.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

class DenseSums {
 public:
  explicit DenseSums(std::int64_t num_items) : sums_(static_cast<std::size_t>(num_items)) {
    met_.reserve(1024);
  }

  // Room for `most` additions.
  void expect(std::size_t most) {
    if (met_.size() < count_ + most + 1) met_.resize(count_ + most + 1);
  }
  void add(ItemIndex item, float value) {
    float& sum = sums_[static_cast<std::size_t>(item)];
    met_[count_] = item;  // counted only if it is new: no branch to foretell
    count_ += sum == 0 ? 1U : 0U;
    sum += value;
  }
  void drop(ItemIndex item) { sums_[static_cast<std::size_t>(item)] = 0; }
  // body(item, sum) for each that is not zero; then all are.
  template <class Body>
  void take(const Body& body) {
    for (std::size_t n = 0; n < count_; ++n) {
      const ItemIndex item = met_[n];
      const float sum = std::exchange(sums_[static_cast<std::size_t>(item)], 0.0F);
      if (sum != 0) body(item, sum);
    }
    count_ = 0;
  }

 private:
  std::vector<float> sums_;
  std::vector<ItemIndex> met_;
  std::size_t count_ = 0;
};

// Open addressing, at most half full.
class SparseSums {
 public:
  void expect(std::size_t most) {
    bits_ = std::bit_width(most) + 1;
    slots_.assign(std::size_t{1} << bits_, ScoredItem{});
    met_.clear();
  }
  void add(ItemIndex item, float value) {
    ScoredItem& slot = slots_[find(item)];
    if (slot.item < 0) {
      slot = {item, 0};
      met_.push_back(item);
    }
    slot.score += value;
  }
  void drop(ItemIndex item) { slots_[find(item)].score = 0; }
  template <class Body>
  void take(const Body& body) {
    for (const ItemIndex item : met_) {
      const float sum = slots_[find(item)].score;
      if (sum != 0) body(item, sum);
    }
    met_.clear();
  }

 private:
  // The item's slot, or the free one where it would be.
  std::size_t find(ItemIndex item) const {
    std::size_t at = (static_cast<std::uint64_t>(item) * 0x9E3779B97F4A7C15U) >> (64 - bits_);
    while (slots_[at].item != item && slots_[at].item >= 0) at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  int bits_ = 1;
  std::vector<ScoredItem> slots_ = std::vector<ScoredItem>(2);  // item -1: free
  std::vector<ItemIndex> met_;
};

}  // namespace crossfade
