// The body of botify's /next and /last, {"track": 10, "time": 0.3}, read as the original reads it:
// by Python's json.loads and Flask-RESTful's parser with the types int and float.
//
// This is not base/json.h, because the answer depends on how a number is written: integers of any
// length, 1e400 and the constants NaN and Infinity are all read by Python, each with its own
// consequence, and a value type has lost the difference. Nothing is allocated for a usual body.
// Not followed: bodies in UTF-16 or UTF-32, and nesting beyond 512 levels, are refused as not JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/data/ids.h"

namespace crossfade {

struct Played {
  ExternalId track;  // digits where the number is beyond 64 bits
  double time = 0;   // as sent: may be anything, NaN among it
};

struct PlayedBody {
  std::optional<Played> played;
  // Where `played` is empty, the "message" of the 400: about a field, or about the whole body.
  std::string wrong_field;  // "track", "time" or "": the body is not JSON
  std::string message;
};

PlayedBody read_played_body(std::string_view body);

}  // namespace crossfade
