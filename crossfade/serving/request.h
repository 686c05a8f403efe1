// Request, Slate and Event: what a face asks the recommender, what it answers, what it is told.
// External ids on both sides; no sockets, no JSON here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/ids.h"

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
  double score = 0;
  std::string source;  // "list", "als", "popular": which source put it here
};

struct Slate {
  std::vector<SlateItem> items;  // best first; shorter than k if nothing more is allowed
};

// What a user did. Unknown users and items are accepted and counted.
struct Event {
  ExternalId user, item;
  std::string domain;        // "" = the bundle's first
  std::int64_t time_ns = 0;  // since 1970, UTC
  double weight = 1;         // share played, or what the domain's weights say of its kind
  std::uint8_t kind = 0;
};

}  // namespace crossfade
