// Sorted arrays: both are short, and a lookup is a few cache lines.
#include "crossfade/serving/slate_builder.h"

#include <algorithm>

namespace crossfade {

SlateBuilder::SlateBuilder(std::int64_t k, std::span<const std::uint8_t> hidden)
    : k_(k), hidden_(hidden) {}

void SlateBuilder::block(std::span<const ItemIndex> items) {
  num_blocked_ += static_cast<std::int64_t>(items.size());
  block_seen(items);
}

void SlateBuilder::block_seen(std::span<const ItemIndex> items) {
  if (items.empty()) return;
  blocked_.insert(blocked_.end(), items.begin(), items.end());
  std::sort(blocked_.begin(), blocked_.end());
}

bool SlateBuilder::allows(ItemIndex item) const {
  return !is_hidden(item) && !std::binary_search(blocked_.begin(), blocked_.end(), item) &&
         !std::binary_search(taken_.begin(), taken_.end(), item);
}

std::int64_t SlateBuilder::num_refused() const {
  auto refused = static_cast<std::int64_t>(taken_.size());
  for (std::size_t i = 0; i < blocked_.size(); ++i) {
    const bool repeat = i > 0 && blocked_[i] == blocked_[i - 1];
    if (!repeat && !is_hidden(blocked_[i]) &&
        !std::binary_search(taken_.begin(), taken_.end(), blocked_[i]))
      ++refused;
  }
  return refused;
}

bool SlateBuilder::take(const Offer& offer, std::size_t source) {
  if (places_left() <= 0) return false;
  if (!allows(offer.item)) return true;
  taken_.insert(std::lower_bound(taken_.begin(), taken_.end(), offer.item), offer.item);
  items_.push_back({offer, source});
  return places_left() > 0;
}

}  // namespace crossfade
