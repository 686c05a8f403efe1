// One line of the data log. The published form is matched character by character, without a value
// tree or an allocation; a line that differs goes to the strict parser.
//
//   {"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0,
//    "latency": 0.0042, "recommendation": 1236, "experiments": {"AA": "C"}}
//
// and, in logs of ours, "propensity" as a last member. message, timestamp, user, track and time
// have to be there; a missing latency is unknown, a missing recommendation none, missing
// experiments mean no part in any. Other members are ignored.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/experiments/traffic_log.h"

namespace crossfade {

struct TrafficLine {
  bool is_last = false;
  std::int64_t time_ns = 0;
  std::int64_t user = 0;
  std::string text_user = "";  // if the user is no 64-bit number; else empty
  std::int64_t track = 0;
  double share = 0;
  double latency_s = std::numeric_limits<double>::quiet_NaN();
  std::int64_t recommendation = kNoTrack;
  double propensity = std::numeric_limits<double>::quiet_NaN();
  // Name and treatment; the names are views into the line, or into `names`.
  std::vector<std::pair<std::string_view, TreatmentIndex>> experiments = {};
  std::vector<std::string> names = {};
};

// True if `text` has exactly the published form; else `line` is left in pieces.
bool read_published_line(std::string_view text, TrafficLine& line);
// Any order of members, any spacing. Data invalid names the member that is missing or wrong.
Status read_any_line(std::string_view text, TrafficLine& line);

}  // namespace crossfade
