// Lines leave in blocks.
#include "crossfade/simulation/played_log.h"

#include <utility>

#include "crossfade/events/data_log.h"

namespace crossfade {
namespace {

constexpr std::size_t kBlock = 1 << 20;

// With its line break.
std::string played_line(const Inquiry& inquiry, const Reply& reply) {
  DataLogLine line;
  line.last = inquiry.last;
  line.timestamp_ms = inquiry.heard.at_ms;
  line.user = inquiry.heard.user;
  line.track = inquiry.heard.track;
  line.time = inquiry.heard.time;
  line.latency_s = reply.latency_s;
  line.recommendation = reply.track;
  line.treatments = reply.treatments;
  std::string text;
  encode_data_log_line(line, text);
  return text;
}

}  // namespace

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
