// Request and Slate: what a face asks the recommender and what it answers. External ids on both
// sides; no sockets, no JSON here. What it is told is an Event (events/event.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/ids.h"
#include "crossfade/events/event.h"

namespace crossfade {

struct Request {
  ExternalId user;
  std::string domain;               // "" = the bundle's first
  std::int64_t k = 10;              // the face has checked its limit
  bool keep_seen = false;           // may items of the user's history come again
  std::vector<ExternalId> exclude;  // never answered, whatever else holds
};

struct SlateItem {
  ExternalId item;
  double score = 0;    // comparable within one source only
  std::string source;  // "list", "als", "popular": which source put it here
};

struct Slate {
  std::vector<SlateItem> items;  // best first; shorter than k if nothing more is allowed
};

}  // namespace crossfade
