// SequenceStates: what an engine has read of windows lately, so that the next play of a listener
// costs one step. Found by what was read, not by who: any state that has read the beginning of a
// window serves, and one that has not is never used, so nothing has to be told that a history
// changed.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <span>
#include <vector>

#include "crossfade/models/sequence/sequence_engine.h"

namespace crossfade {

class SequenceStates {
 public:
  // Keeps at most so many, those used last.
  explicit SequenceStates(std::size_t most);

  // The state that has read most of the window, or an empty one. It belongs to the caller until it
  // is given back, having read that window. Thread-safe; O(window).
  SequenceState take(std::span<const ItemIndex> window);
  void give_back(SequenceState state);

  std::size_t size() const;

 private:
  using Place = std::list<SequenceState>::iterator;
  // A place of the table: keys that share one stand one after another.
  struct Slot {
    std::uint64_t key = 0;
    bool taken = false;
    Place place = {};
  };

  // The slot of a key, or the free one where it would stand.
  std::size_t find(std::uint64_t key) const;
  void free(std::size_t slot);
  // The state that stands there, with the key of what it will have read.
  SequenceState remove(Place place, std::uint64_t key);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::list<SequenceState> kept_;  // the one used last first
  // Nodes without a state, so that giving back asks nobody for memory.
  std::list<SequenceState> spare_;
  std::vector<Slot> slots_;  // at most half of them taken; as many as a power of two
};

}  // namespace crossfade
