// Answer: what was shown to a user, as the event log keeps it beside what the user did.
//
// Off-policy estimates need what an event alone cannot tell: what else could have been shown, so
// each item carries the probability with which its source chose it, and under which treatments.
// Only offline work reads answers; no history and no later answer depends on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

// The treatment of a user in one experiment, as logs name it: "HSTU", "T1".
struct Treatment {
  std::string experiment, name;
  bool operator==(const Treatment&) const = default;
};

struct ShownItem {
  ExternalId item;
  std::string source;     // which source put it there: "i2i"
  double propensity = 1;  // with which it did, given user, history and treatments
  bool operator==(const ShownItem&) const = default;
};

struct Answer {
  std::string asked;  // "next", "recommend"
  ExternalId user;
  std::string domain;
  std::int64_t time_ns = 0;         // since 1970, UTC
  std::optional<ExternalId> after;  // what had just been played
  std::string flow;                 // "" where no flow chose
  std::vector<Treatment> treatments;
  std::vector<ShownItem> shown;  // best first
  bool operator==(const Answer&) const = default;
};

// How the record of an answer begins; that of an event does not.
constexpr std::string_view kAnswerBegin = "{\"asked\": ";

// Appends one line without its end:
// {"asked": "next", "user": 7, "domain": "music", "time_ns": 1, "after": 10, "flow": "i2i",
//  "treatments": {"HSTU": "T1"}, "shown": [{"item": 17, "source": "i2i", "propensity": 0.5}]}
void encode_answer(const Answer& answer, std::string& out);
// Data invalid names the member that is missing or of the wrong type.
Result<Answer> decode_answer(std::string_view text);

}  // namespace crossfade
