// Lines leave in blocks.
#include "crossfade/simulation/played_log.h"

#include <utility>

#include "crossfade/base/json.h"

namespace crossfade {
namespace {

constexpr std::size_t kBlock = 1 << 20;

}  // namespace

std::string played_line(const Inquiry& inquiry, const Reply& reply) {
  const Json line = Json::object()
                        .set("message", inquiry.last ? "last" : "next")
                        .set("timestamp", inquiry.heard.at_ms)
                        .set("user", inquiry.heard.user)
                        .set("track", inquiry.heard.track)
                        .set("time", inquiry.heard.time)
                        .set("latency", reply.latency_s)
                        .set("recommendation", inquiry.last ? Json() : Json(reply.track))
                        .set("experiments", Json::object());
  return to_text(line) + "\n";
}

Result<PlayedLog> PlayedLog::create(const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  return PlayedLog(std::move(file));
}

Status PlayedLog::write(const Inquiry& inquiry, const Reply& reply) {
  const std::string line = played_line(inquiry, reply);
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
