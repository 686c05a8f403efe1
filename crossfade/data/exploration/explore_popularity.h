// Popularity: how a log's events are spread over its items, and how often people return to one.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/data/exploration/distribution.h"

namespace crossfade {

struct ItemCount {
  ItemIndex item = kUnknown;
  std::int64_t events = 0, users = 0;
};

struct PopularityExploration {
  std::vector<std::int64_t> events_of_item;      // one entry per item of the vocabulary
  std::int64_t pairs = 0;                        // distinct pairs of user and item
  std::int64_t repeats = 0;                      // events of an item that the user had had before
  std::int64_t repeats_in_a_row = 0;             // of those: the item of the event just before
  Distribution items;                            // events per item
  std::vector<ItemCount> top;                    // the most taken, by events, then by index
  double top_1_percent = 0, top_10_percent = 0;  // their share of all events
  std::int64_t items_of_half = 0;  // so many items, the most taken, have half of all events
  double gini = 0;                 // 0: all items equal; towards 1: few have everything
};

// `top` most taken items. One pass on all threads; per thread 16 bytes per item.
PopularityExploration explore_popularity(const Domain& domain, std::int64_t top,
                                         ThreadPool& threads);

}  // namespace crossfade
