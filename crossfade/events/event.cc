// The record is our Json, so the log reads with any tool that knows JSON lines.
#include "crossfade/events/event.h"

#include <cmath>

#include "crossfade/base/json.h"
#include "crossfade/base/utf8.h"
#include "crossfade/events/id_text.h"

namespace crossfade {
namespace {

Json id_to_json(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return Json(*number);
  return Json(std::get<std::string>(id));
}

Status check_text(const std::string& what, const std::string& text) {
  if (text.size() > kMaxIdBytes)
    return usage_error("the event's " + what + " has " + std::to_string(text.size()) +
                       " bytes; at most " + std::to_string(kMaxIdBytes) + " are allowed");
  if (!is_valid_utf8(text)) return usage_error("the event's " + what + " is not valid UTF-8");
  return ok_status();
}

Status check_id(const std::string& what, const ExternalId& id) {
  const auto* text = std::get_if<std::string>(&id);
  if (!text) return ok_status();
  if (text->empty()) return usage_error("the event's " + what + " is empty; give an id");
  return check_text(what, *text);
}

}  // namespace

Status check_event(const Event& event) {
  CROSSFADE_RETURN_IF_ERROR(check_id("user", event.user));
  CROSSFADE_RETURN_IF_ERROR(check_id("item", event.item));
  CROSSFADE_RETURN_IF_ERROR(check_text("domain", event.domain));
  // Histories hold weights as float.
  if (!std::isfinite(static_cast<float>(event.weight)) || event.weight < 0)
    return usage_error("the event's weight must be a number of at least 0 and at most 3e38");
  return ok_status();
}

std::string encode_event(const Event& event) {
  return to_text(Json::object()
                     .set("user", id_to_json(event.user))
                     .set("item", id_to_json(event.item))
                     .set("domain", event.domain)
                     .set("time_ns", event.time_ns)
                     .set("weight", event.weight)
                     .set("kind", static_cast<int>(event.kind)));
}

Result<Event> decode_event(std::string_view text) {
  CROSSFADE_ASSIGN_OR_RETURN(const Json record, parse_json(text));
  Event event;
  CROSSFADE_ASSIGN_OR_RETURN(event.user, id_at(record, "user"));
  CROSSFADE_ASSIGN_OR_RETURN(event.item, id_at(record, "item"));
  CROSSFADE_ASSIGN_OR_RETURN(event.domain, record.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(event.time_ns, record.int_at("time_ns"));
  CROSSFADE_ASSIGN_OR_RETURN(event.weight, record.number_at("weight"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t kind, record.int_at("kind"));
  if (kind < 0 || kind > 255) return data_invalid("the member 'kind' is not within 0 to 255");
  event.kind = static_cast<std::uint8_t>(kind);
  return event;
}

}  // namespace crossfade
