// For tests: lines of a data log in the published form; and the Context of data/test_log.h to read
// them in.
#pragma once

#include <string>

#include "crossfade/base/json.h"
#include "crossfade/data/test_log.h"
#include "crossfade/experiments/traffic_log.h"

namespace crossfade {

struct TestLine {
  bool is_last = false;
  std::int64_t user = 0, time_ms = 0, track = 0;
  double share = 1, latency_s = 0.001;
  std::int64_t recommendation = 1;
  std::string experiment = "AA", treatment = "C";
};

inline std::string traffic_line(const TestLine& line) {
  Json json = Json::object();
  json.set("message", line.is_last ? "last" : "next").set("timestamp", line.time_ms);
  json.set("user", line.user).set("track", line.track).set("time", line.share);
  json.set("latency", line.latency_s);
  json.set("recommendation", line.is_last ? Json() : Json(line.recommendation));
  return to_text(json.set("experiments", Json::object().set(line.experiment, line.treatment)));
}

}  // namespace crossfade
