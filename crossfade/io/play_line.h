// PlayLine: one line of a service's log, as a play. Two logs have them:
//
//   {"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0, ..}
//       botify's data log: timestamp in ms, time the share played; "last" ends a session
//   90be2b6ad8f2b2d1 {"user": 7, "item": 42, "domain": "music", "time_ns": 1, "weight": 0.5,
//       "kind": 0}
//       our event log, with or without its checksum in front; kind 1 is a session's last play
//
// What was answered is no play: the first line of an event log and its records of answers are told
// apart from damaged lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

struct PlayLine {
  ExternalId user, track;
  std::int64_t time_ns = 0;
  float share = 0;
  std::string message;  // "next", "last"; of other kinds of events their number
  std::string domain;   // "" in botify's log
};

enum class LineIs { kPlay, kAnswer, kHeader };
// Data invalid says what is wrong; `play` is filled in for kPlay.
Result<LineIs> read_play_line(std::string_view line, PlayLine& play);

}  // namespace crossfade
