// A record of our own event log (events/event_log.h) as a line of traffic.
//
// A play becomes a line; the answer to it, a record of its own behind it, is what the line lacks:
// the recommendation, its propensity, and the treatments.
#pragma once

#include <string_view>

#include "crossfade/experiments/traffic_line.h"

namespace crossfade {

enum class EventRecord {
  kPlay,    // user, track, share, time
  kAnswer,  // user, the track that had been played, recommendation, propensity, experiments
  kOther    // of another kind: an answer of several items, an event that is no play
};

// Items with text ids become numbers, made of their hash. Data invalid: a record whose checksum or
// JSON is wrong.
Result<EventRecord> read_event_record(std::string_view text, TrafficLine& line);

}  // namespace crossfade
