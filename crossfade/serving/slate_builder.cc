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
  blocked_.insert(blocked_.end(), items.begin(), items.end());
  std::sort(blocked_.begin(), blocked_.end());
}

bool SlateBuilder::take(const ScoredItem& scored, std::size_t source) {
  if (places_left() <= 0) return false;
  const auto at = static_cast<std::size_t>(scored.item);
  if (at < hidden_.size() && hidden_[at]) return true;
  if (std::binary_search(blocked_.begin(), blocked_.end(), scored.item)) return true;
  const auto place = std::lower_bound(taken_.begin(), taken_.end(), scored.item);
  if (place != taken_.end() && *place == scored.item) return true;
  taken_.insert(place, scored.item);
  items_.push_back({scored, source});
  return places_left() > 0;
}

}  // namespace crossfade
