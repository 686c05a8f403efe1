// Messages written and read; see neural_messages.h.
#include "crossfade/models/neural_program/neural_messages.h"

namespace crossfade {
namespace {

std::string text_of(const Json& message, const char* key) {
  const std::string* text = message[key].as_string();
  return text ? *text : std::string();
}

StatusKind kind_of(const Json& message) {
  switch (static_cast<int>(message["kind"].number())) {
    case 2:
      return StatusKind::kUsage;
    case 3:
      return StatusKind::kDataInvalid;
    case 4:
      return StatusKind::kExhausted;
    case 130:
      return StatusKind::kInterrupted;
    default:
      return StatusKind::kFailed;
  }
}

}  // namespace

void MessageProgress::tell(const Json& message) {
  const std::string line = to_text(message) + "\n";
  const std::lock_guard lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

void MessageProgress::begin(const std::string& what, std::int64_t total, const std::string& unit) {
  tell(
      Json::object().set("event", "begin").set("what", what).set("total", total).set("unit", unit));
}

void MessageProgress::advance(std::int64_t count) {
  tell(Json::object().set("event", "advance").set("count", count));
}

void MessageProgress::end(const std::string& note) {
  tell(Json::object().set("event", "end").set("note", note));
}

void MessageProgress::say(const std::string& sentence) {
  tell(Json::object().set("event", "say").set("sentence", sentence));
}

void MessageProgress::tell_end(const Status& status) {
  tell(status.ok() ? Json::object().set("event", "done")
                   : Json::object()
                         .set("event", "error")
                         .set("kind", status.exit_code())
                         .set("message", status.message()));
}

Status MessageReader::read_line(const std::string& line) {
  const auto message = parse_json(line);
  if (!message.ok())
    return failed("crossfade-neural said what is no message: '" + line.substr(0, 80) +
                  "'; build it and crossfade from the same sources");
  const std::string event = text_of(*message, "event");
  if (!started_) {
    const std::string version = text_of(*message, "version");
    if (event != "started" || version != CROSSFADE_VERSION)
      return failed("crossfade-neural is of version " + (version.empty() ? "unknown" : version) +
                    " and this is crossfade " + CROSSFADE_VERSION +
                    "; build or install both from the same sources");
    started_ = true;
  } else if (event == "begin") {
    progress_.begin(text_of(*message, "what"),
                    static_cast<std::int64_t>((*message)["total"].number()),
                    text_of(*message, "unit"));
  } else if (event == "advance") {
    progress_.advance(static_cast<std::int64_t>((*message)["count"].number()));
  } else if (event == "end") {
    progress_.end(text_of(*message, "note"));
  } else if (event == "say") {
    progress_.say(text_of(*message, "sentence"));
  } else if (event == "done") {
    ended_ = ok_status();
  } else if (event == "error") {
    ended_ = Status(kind_of(*message), text_of(*message, "message"));
  }
  return ok_status();
}

}  // namespace crossfade
