// Lines leave in blocks.
#include "crossfade/simulation/played_log.h"

#include <utility>

#include "crossfade/base/json.h"

namespace crossfade {
namespace {

constexpr std::size_t kBlock = 1 << 20;

}  // namespace

std::string played_line(const Ask& ask, const Answer& answer) {
  const Json line = Json::object()
                        .set("message", ask.last ? "last" : "next")
                        .set("timestamp", ask.heard.at_ms)
                        .set("user", ask.heard.user)
                        .set("track", ask.heard.track)
                        .set("time", ask.heard.time)
                        .set("latency", answer.latency_s)
                        .set("recommendation", ask.last ? Json() : Json(answer.track))
                        .set("experiments", Json::object());
  return to_text(line) + "\n";
}

Result<PlayedLog> PlayedLog::create(const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  return PlayedLog(std::move(file));
}

Status PlayedLog::write(const Ask& ask, const Answer& answer) {
  const std::string line = played_line(ask, answer);
  const std::lock_guard lock(*mutex_);
  lines_ += line;
  if (lines_.size() < kBlock) return ok_status();
  CROSSFADE_RETURN_IF_ERROR(file_.write(lines_));
  lines_.clear();
  return ok_status();
}

Status PlayedLog::close() {
  CROSSFADE_RETURN_IF_ERROR(file_.write(lines_));
  lines_.clear();
  return file_.close();
}

}  // namespace crossfade
