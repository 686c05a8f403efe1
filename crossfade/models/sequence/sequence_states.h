// SequenceStates: what an engine has read of windows lately, so that the next play of a listener
// costs one step. Found by what was read, not by who: any state that has read the beginning of a
// window serves, and one that has not is never used, so nothing has to be told that a history
// changed.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "crossfade/models/sequence/sequence_engine.h"

namespace crossfade {

class SequenceStates {
 public:
  // Keeps at most so many, those used last.
  explicit SequenceStates(std::size_t most) : most_(most) {}

  // The state that has read most of the window, or an empty one. It belongs to the caller until it
  // is given back. Thread-safe; O(window).
  SequenceState take(std::span<const ItemIndex> window);
  void give_back(SequenceState state);

  std::size_t size() const;

 private:
  struct Kept {
    std::uint64_t key;
    SequenceState state;
  };

  using Places = std::unordered_map<std::uint64_t, std::list<Kept>::iterator>;

  SequenceState remove(std::list<Kept>::iterator place);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // the one used last first
  Places places_;
  // What holds no state now, so that taking and giving back asks nobody for memory. As many.
  std::list<Kept> spare_;
  std::vector<Places::node_type> spare_places_;
};

}  // namespace crossfade
