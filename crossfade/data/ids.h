// Ids: how users and items are named outside and numbered inside.
//
// External ids end at the door of this room. Everything below works with dense indices, 0 to n-1 in
// the order in which ids were first met, so that an id's index never changes when a store grows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace crossfade {

using UserIndex = std::int32_t;
using ItemIndex = std::int32_t;
constexpr std::int32_t kUnknown = -1;  // of either: an id that the data has never seen

// What a log, a request or a catalogue calls a user or an item.
using ExternalId = std::variant<std::int64_t, std::string>;

std::string to_text(const ExternalId& id);
// The number that an id is or is the decimal text of ("42", but not "042"): the two name the same.
std::optional<std::int64_t> as_number(const ExternalId& id);

}  // namespace crossfade
