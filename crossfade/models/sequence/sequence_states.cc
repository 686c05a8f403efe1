// A key is a hash of the items read, so equal beginnings of windows have equal keys; that a state
// has read what its key says is compared, not believed.
#include "crossfade/models/sequence/sequence_states.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crossfade {
namespace {

// Listeners rarely play more between two answers, and beyond it reading again is no loss.
constexpr std::size_t kMostPlays = 16;

// What an item adds to the key of a window that has it at this place. Sums of such words need not
// wait for each other, and a shorter window's key is what is left without the last.
std::uint64_t word(ItemIndex item, std::size_t place) {
  const std::uint64_t x =
      (std::uint64_t{place} << 32 | static_cast<std::uint32_t>(item)) * 0x9E3779B97F4A7C15ULL;
  return x ^ x >> 32;
}

std::uint64_t key_of(std::span<const ItemIndex> items) {
  std::uint64_t key = 0;
  for (std::size_t place = 0; place < items.size(); ++place) key += word(items[place], place);
  return key;
}

}  // namespace

SequenceState SequenceStates::take(std::span<const ItemIndex> window) {
  std::uint64_t key = key_of(window);
  const std::size_t shortest = window.size() > kMostPlays ? window.size() - kMostPlays : 1;
  const std::lock_guard lock(mutex_);
  for (std::size_t size = window.size(); size >= shortest; --size) {
    if (const auto found = places_.find(key); found != places_.end()) {
      const std::vector<ItemIndex>& items = found->second->state.items;
      if (items.size() == size && std::equal(items.begin(), items.end(), window.begin()))
        return remove(found->second);
    }
    key -= word(window[size - 1], size - 1);
  }
  if (kept_.size() < most_ || kept_.empty()) return {};
  SequenceState state = remove(std::prev(kept_.end()));  // its memory is used again
  state.items.clear();
  return state;
}

SequenceState SequenceStates::remove(std::list<Kept>::iterator place) {
  SequenceState state = std::move(place->state);
  spare_places_.push_back(places_.extract(place->key));
  spare_.splice(spare_.begin(), kept_, place);
  return state;
}

void SequenceStates::give_back(SequenceState state) {
  const std::uint64_t key = key_of(state.items);
  const std::lock_guard lock(mutex_);
  if (most_ == 0 || places_.contains(key)) return;  // another thread has read the same
  if (kept_.size() == most_) (void)remove(std::prev(kept_.end()));
  if (spare_.empty()) {
    kept_.push_front({key, std::move(state)});
    places_[key] = kept_.begin();
    return;
  }
  kept_.splice(kept_.begin(), spare_, spare_.begin());
  kept_.front() = {key, std::move(state)};
  spare_places_.back().key() = key;
  spare_places_.back().mapped() = kept_.begin();
  places_.insert(std::move(spare_places_.back()));
  spare_places_.pop_back();
}

std::size_t SequenceStates::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace crossfade
