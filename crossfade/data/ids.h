// Ids: how users and items are named outside and numbered inside.
//
// External ids end at the door of this room. Everything below works with dense indices, 0 to n-1 in
// the order in which ids were first met, so that an id's index never changes when a store grows.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace crossfade {

using UserIndex = std::int32_t;
using ItemIndex = std::int32_t;
constexpr std::int32_t kUnknown = -1;  // of either: an id that the data has never seen

// What a log, a request or a catalogue calls a user or an item.
using ExternalId = std::variant<std::int64_t, std::string>;

std::string to_text(const ExternalId& id);

}  // namespace crossfade
