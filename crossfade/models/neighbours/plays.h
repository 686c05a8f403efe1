// Plays as sequences: what generators share that learn from what stands near what in time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// The plays of positive weight, users one behind the other, with marks where sequences begin. A
// sequence is a user's history, or one session of it.
struct Plays {
  std::vector<ItemIndex> items;
  std::vector<std::uint8_t> first;  // 1: a sequence begins here; one more at the end
  std::vector<std::int64_t> rows;   // of the domain
};

// `within_sessions` is ignored where the log has no sessions. Linear; 13 bytes per play.
Plays lay_out_plays(const Domain& domain, bool within_sessions);

// Error (data invalid): there are none, so `generator` has no sequences.
Status check_plays(const std::string& generator, const Domain& domain);

// By item, the places in Plays where it was played, rising. 8 bytes per play and item.
class PlacesOfItems {
 public:
  PlacesOfItems(const Plays& plays, std::int64_t num_items, ThreadPool& threads);
  std::span<const std::int64_t> of(ItemIndex item) const {
    const auto begin = at(offsets_[at(item)]), end = at(offsets_[at(item) + 1]);
    return std::span(places_).subspan(begin, end - begin);
  }

 private:
  std::vector<std::int64_t> offsets_, places_;
};

}  // namespace crossfade
