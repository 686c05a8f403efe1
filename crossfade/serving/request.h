// Request and Slate: what a face asks the recommender and what it answers. External ids on both
// sides; no sockets, no JSON here. What it is told is an Event (events/event.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/ids.h"
#include "crossfade/events/answer.h"
#include "crossfade/events/event.h"

namespace crossfade {

// Of next(): what was just played, and which share of it.
struct JustPlayed {
  ExternalId item;
  double share = 1;
};

struct Request {
  ExternalId user;
  std::string domain;               // "" = the bundle's first
  std::int64_t k = 10;              // the face has checked its limit
  bool keep_seen = false;           // may items of the user's history come again
  std::vector<ExternalId> exclude;  // never answered, whatever else holds
  // Of next(); if none is said, the user's last live event. It need not be a track that we know.
  std::optional<JustPlayed> played = {};
  std::int64_t time_ns = 0;  // of the asking, for the log of answers
};

struct SlateItem {
  ExternalId item;
  double score = 0;       // comparable within one source only
  std::string source;     // "list", "als", "popular": which source put it here
  double propensity = 1;  // with which it chose the item, given user, history and treatments
};

struct Slate {
  std::vector<SlateItem> items;  // best first; shorter than k if nothing more is allowed
  // Of next(): the flow that chose ("" = the default chain), and the user's treatments.
  std::string flow = "";
  std::vector<Treatment> treatments = {};
};

}  // namespace crossfade
