// A key is a hash of the items read, so equal beginnings of windows have equal keys; that a state
// has read what its key says is compared, not believed.
#include "crossfade/models/sequence/sequence_states.h"

#include <algorithm>
#include <bit>
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
  return x ^ x >> 32;  // so that the lower bits tell keys apart
}

std::uint64_t key_of(std::span<const ItemIndex> items) {
  std::uint64_t key = 0;
  for (std::size_t place = 0; place < items.size(); ++place) key += word(items[place], place);
  return key;
}

}  // namespace

SequenceStates::SequenceStates(std::size_t most)
    : most_(most), slots_(std::bit_ceil(2 * most + 1)) {}

std::size_t SequenceStates::find(std::uint64_t key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = key & mask;
  while (slots_[slot].taken && slots_[slot].key != key) slot = (slot + 1) & mask;
  return slot;
}

void SequenceStates::free(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  slots_[slot].taken = false;
  // Those behind move up to where they are found without it.
  for (std::size_t next = (slot + 1) & mask; slots_[next].taken; next = (next + 1) & mask) {
    const Slot moved = slots_[next];
    slots_[next].taken = false;
    slots_[find(moved.key)] = moved;
  }
}

SequenceState SequenceStates::take(std::span<const ItemIndex> window) {
  const std::uint64_t whole = key_of(window);
  std::uint64_t key = whole;
  const std::size_t shortest = window.size() > kMostPlays ? window.size() - kMostPlays : 1;
  const std::lock_guard lock(mutex_);
  for (std::size_t size = window.size(); size >= shortest; --size) {
    if (const Slot& slot = slots_[find(key)]; slot.taken) {
      const std::vector<ItemIndex>& items = slot.place->items;
      if (items.size() == size && std::equal(items.begin(), items.end(), window.begin()))
        return remove(slot.place, whole);
    }
    key -= word(window[size - 1], size - 1);
  }
  SequenceState state;
  if (kept_.size() == most_ && most_ > 0)
    state = remove(std::prev(kept_.end()), whole);  // its memory is used again
  state.items.clear();
  state.key = whole;
  return state;
}

SequenceState SequenceStates::remove(Place place, std::uint64_t key) {
  free(find(place->key));
  SequenceState state = std::move(*place);
  state.key = key;
  spare_.splice(spare_.begin(), kept_, place);
  return state;
}

void SequenceStates::give_back(SequenceState state) {
  const std::uint64_t key = state.key;
  const std::lock_guard lock(mutex_);
  if (most_ == 0 || slots_[find(key)].taken) return;  // another thread has read the same
  if (kept_.size() == most_) (void)remove(std::prev(kept_.end()), 0);
  if (spare_.empty())
    kept_.emplace_front();
  else
    kept_.splice(kept_.begin(), spare_, spare_.begin());
  kept_.front() = std::move(state);
  slots_[find(key)] = {key, true, kept_.begin()};
}

std::size_t SequenceStates::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace crossfade
