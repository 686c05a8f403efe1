// The buffer of one query; see collector.h.
#include "crossfade/retrieval/collector.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace crossfade {
namespace {

constexpr std::uint32_t kSign = 0x80000000U;

// Ascending keys are descending scores, then ascending items. Positive floats order like their
// bits, negative ones in reverse; adding zero turns -0 into 0, which compares equal to it.
std::uint64_t key_of(std::int32_t item, float score) {
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);
  const std::uint32_t ascending = (bits & kSign) != 0 ? ~bits : bits | kSign;
  return std::uint64_t{~ascending} << 32 | static_cast<std::uint32_t>(item);
}

float score_of(std::uint64_t key) {
  const auto ascending = ~static_cast<std::uint32_t>(key >> 32);
  return std::bit_cast<float>((ascending & kSign) != 0 ? ascending & ~kSign : ~ascending);
}

// So few keys are put in order by counting, which has no branch to guess wrongly.
constexpr std::size_t kFew = 48;

std::size_t rank_of(std::uint64_t key, std::span<const std::uint64_t> keys) {
  std::size_t rank = 0;
  for (const std::uint64_t other : keys) rank += other < key ? 1 : 0;
  return rank;
}

}  // namespace

void TopKCollector::start(const TopKOptions& options, std::int64_t query, std::int64_t num_items) {
  k_ = std::min(options.k, num_items);
  capacity_ = static_cast<std::size_t>(k_ + k_ / 2 + 64);
  threshold_ = kNone;
  hidden_ = options.hidden;
  keys_.clear();
  std::span<const std::int32_t> items;
  if (!options.seen.offsets.empty()) {
    const auto at = static_cast<std::size_t>(query);
    const auto begin = static_cast<std::size_t>(options.seen.offsets[at]);
    const auto end = static_cast<std::size_t>(options.seen.offsets[at + 1]);
    items = options.seen.items.subspan(begin, end - begin);
  }
  take_seen(items, num_items);
}

void TopKCollector::take_seen(std::span<const std::int32_t> items, std::int64_t num_items) {
  marked_.reset();
  exact_ = num_items <= static_cast<std::int64_t>(kMarks);
  for (std::int32_t item : items)
    if (!exact_ || (item >= 0 && item < num_items)) marked_.set(mark_of(item));
  seen_ = items;
  if (exact_ || std::is_sorted(items.begin(), items.end())) return;
  sorted_seen_.assign(items.begin(), items.end());
  std::sort(sorted_seen_.begin(), sorted_seen_.end());
  seen_ = sorted_seen_;
}

bool TopKCollector::seen(std::int32_t item) const {
  return std::binary_search(seen_.begin(), seen_.end(), item);
}

void TopKCollector::add(std::int32_t item, float score) {
  keys_.push_back(key_of(item, score));
  if (keys_.size() >= capacity_) select();
}

void TopKCollector::select() {
  if (keys_.empty()) return;
  const auto last = keys_.begin() + (k_ - 1);
  std::nth_element(keys_.begin(), last, keys_.end());
  threshold_ = score_of(*last);
  keys_.resize(static_cast<std::size_t>(k_));
}

std::vector<ScoredItem> TopKCollector::finish() {
  const std::size_t count = std::min(keys_.size(), static_cast<std::size_t>(k_));
  std::vector<ScoredItem> answer(count);
  const auto place = [&](std::size_t at, std::uint64_t key) {
    answer[at] = {static_cast<std::int32_t>(key & 0xFFFFFFFFU), score_of(key)};
  };
  if (keys_.size() <= kFew) {
    for (const std::uint64_t key : keys_)
      if (const std::size_t rank = rank_of(key, keys_); rank < count) place(rank, key);
    return answer;
  }
  if (keys_.size() > count) select();
  std::sort(keys_.begin(), keys_.end());
  for (std::size_t at = 0; at < count; ++at) place(at, keys_[at]);
  return answer;
}

}  // namespace crossfade
