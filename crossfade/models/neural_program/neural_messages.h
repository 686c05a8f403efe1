// What crossfade-neural says on its standard output: one line of JSON per message.
//
//   {"event": "started", "version": "0.1.0"}            first
//   {"event": "begin", "what": "...", "total": 6040, "unit": "sequences"}
//   {"event": "advance", "count": 128}    {"event": "end", "note": "..."}
//   {"event": "say", "sentence": "..."}
//   {"event": "done"}  or  {"event": "error", "kind": 3, "message": "..."}     last
//
// The kinds are exit codes (base/status.h).
#pragma once

#include <cstdio>
#include <mutex>
#include <optional>
#include <string>

#include "crossfade/base/json.h"
#include "crossfade/base/progress.h"

namespace crossfade {

// The program's side: progress as messages.
class MessageProgress final : public Progress {
 public:
  explicit MessageProgress(std::FILE* stream) : stream_(stream) {}
  void begin(const std::string& what, std::int64_t total, const std::string& unit) override;
  void advance(std::int64_t count) override;
  void end(const std::string& note) override;
  void say(const std::string& sentence) override;

  void tell(const Json& message);
  void tell_started() {
    tell(Json::object().set("event", "started").set("version", CROSSFADE_VERSION));
  }
  void tell_end(const Status& status);

 private:
  std::FILE* stream_;
  std::mutex mutex_;
};

// The other side: turns lines back into progress and remembers how it ended.
class MessageReader {
 public:
  explicit MessageReader(Progress& progress) : progress_(progress) {}
  // Errors (failed): the program is of another version, or no message comes first.
  Status read_line(const std::string& line);
  // How it ended; none if the last message has not come.
  const std::optional<Status>& ended() const { return ended_; }

 private:
  Progress& progress_;
  bool started_ = false;
  std::optional<Status> ended_;
};

}  // namespace crossfade
