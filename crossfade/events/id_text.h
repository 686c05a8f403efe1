// Ids, texts and treatments as the members of a record, for the logs of this room.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crossfade/base/json.h"
#include "crossfade/data/ids.h"
#include "crossfade/events/answer.h"

namespace crossfade {

// Appends a JSON string; what is usual (letters, digits) costs a copy.
void append_json_text(std::string_view text, std::string& out);
// A number as it is, a text as a JSON string.
void append_json_id(const ExternalId& id, std::string& out);
// {"HSTU": "T1", "AA": "C"}
void append_treatments(std::span<const Treatment> treatments, std::string& out);
// The member as an id; data invalid if it is missing or is none.
Result<ExternalId> id_at(const Json& record, std::string_view key);

}  // namespace crossfade
