// Event: one thing a user did, as a face reports it and as the event log keeps it.
//
// Ids are external here, so that the log outlives every bundle: a new bundle numbers its items
// anew, and offline work reads the same records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

// Kinds of botify's plays: one that asks for the next track, and the last of a session.
constexpr std::uint8_t kPlayed = 0, kPlayedLast = 1;

// Unknown users and items are normal: they are accepted, logged and counted.
struct Event {
  ExternalId user, item;
  std::string domain;        // "" = the bundle's first
  std::int64_t time_ns = 0;  // since 1970, UTC
  double weight = 1;         // share played, or what the domain's weights say of its kind
  std::uint8_t kind = 0;
  bool operator==(const Event&) const = default;
};

constexpr std::size_t kMaxIdBytes = 512;  // of a text id or a domain's name

// The user's mistakes that would poison a log: an empty or oversized id, text that is not UTF-8, a
// weight that is negative or not finite as a float. Usage errors.
Status check_event(const Event& event);

// {"user": 7, "item": "a", "domain": "zvuk", "time_ns": 1, "weight": 0.5, "kind": 0} on one line.
std::string encode_event(const Event& event);
// Data invalid names the member that is missing or of the wrong type.
Result<Event> decode_event(std::string_view text);

}  // namespace crossfade
