// A key is a hash of the items read, so equal beginnings of windows have equal keys; that a state
// has read what its key says is compared, not believed.
#include "crossfade/models/sequence/sequence_states.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

// Listeners rarely play more between two answers, and beyond it reading again is no loss.
constexpr std::size_t kMostPlays = 16;

std::uint64_t next_key(std::uint64_t key, ItemIndex item) {
  return (key ^ static_cast<std::uint32_t>(item)) * 0x9E3779B97F4A7C15ULL + (key >> 29);
}

}  // namespace

SequenceState SequenceStates::take(std::span<const ItemIndex> window) {
  std::vector<std::uint64_t> keys{0};
  for (const ItemIndex item : window) keys.push_back(next_key(keys.back(), item));
  const std::size_t shortest = window.size() > kMostPlays ? window.size() - kMostPlays : 1;
  const std::lock_guard lock(mutex_);
  for (std::size_t size = window.size(); size >= shortest; --size) {
    const auto found = places_.find(keys[size]);
    if (found == places_.end()) continue;
    const auto place = found->second;
    const std::vector<ItemIndex>& items = place->state.items;
    if (items.size() != size || !std::equal(items.begin(), items.end(), window.begin())) continue;
    SequenceState state = std::move(place->state);
    kept_.erase(place);
    places_.erase(found);
    return state;
  }
  SequenceState state;
  if (kept_.size() < most_ || kept_.empty()) return state;
  state = std::move(kept_.back().state);  // its memory is used again
  state.items.clear();
  places_.erase(kept_.back().key);
  kept_.pop_back();
  return state;
}

void SequenceStates::give_back(SequenceState state) {
  std::uint64_t key = 0;
  for (const ItemIndex item : state.items) key = next_key(key, item);
  const std::lock_guard lock(mutex_);
  if (most_ == 0 || places_.contains(key)) return;  // another thread has read the same
  kept_.push_front({key, std::move(state)});
  places_[key] = kept_.begin();
  if (kept_.size() <= most_) return;
  places_.erase(kept_.back().key);
  kept_.pop_back();
}

std::size_t SequenceStates::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace crossfade
