// One small reader per kind of member; each knows the member's name for its error.
#include "crossfade/service/v1_body.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"

namespace crossfade {
namespace {

constexpr std::int64_t kMaxKind = 255;

Status wrong(const std::string& name, const std::string& must) {
  return usage_error("'" + name + "' must be " + must);
}

Status check_names(const Json& body, const std::string& what,
                   const std::vector<std::string>& known) {
  if (!body.is_object()) return usage_error(what + " must be a JSON object");
  for (const auto& [name, value] : *body.as_object())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return unknown_name("member of " + what, name, known);
  return ok_status();
}

Status check_length(const std::string& name, const std::string& text, const V1Limits& limits) {
  if (text.size() <= static_cast<std::size_t>(limits.id_bytes)) return ok_status();
  return wrong(name, "at most " + std::to_string(limits.id_bytes) + " bytes long");
}

Result<ExternalId> read_id(const Json& value, const std::string& name, const V1Limits& limits) {
  if (const auto* number = value.as_int()) return ExternalId(*number);
  const auto* text = value.as_string();
  if (!text || text->empty())
    return wrong(name, "a whole number of at most 64 bits or a text that is not empty");
  CROSSFADE_RETURN_IF_ERROR(check_length(name, *text, limits));
  return ExternalId(*text);
}

Result<ExternalId> required_id(const Json& body, const std::string& name, const V1Limits& limits) {
  const Json* value = body.find(name);
  if (!value) return usage_error("'" + name + "' is missing");
  return read_id(*value, name, limits);
}

// Members that may be absent leave `out` as it is.
Status read_whole(const Json& body, const std::string& name, std::int64_t low, std::int64_t high,
                  std::int64_t& out) {
  const Json* value = body.find(name);
  if (!value) return ok_status();
  const auto* number = value->as_int();
  if (!number || *number < low || *number > high)
    return wrong(name,
                 "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  out = *number;
  return ok_status();
}

Status read_text(const Json& body, const std::string& name, const V1Limits& limits,
                 std::string& out) {
  const Json* value = body.find(name);
  if (!value) return ok_status();
  if (!value->as_string()) return wrong(name, "a text");
  out = *value->as_string();
  return check_length(name, out, limits);
}

// A history's times never fall, so one event of the far future would move all that come after it
// there. A day is for clocks that go wrong and for time zones that were forgotten.
Status read_time(const Json& body, std::int64_t now_ns, std::int64_t& out) {
  constexpr std::int64_t kDayNs = 86'400'000'000'000;
  const Json* value = body.find("time_ns");
  if (!value) return ok_status();
  const auto* time_ns = value->as_int();
  if (!time_ns || *time_ns < 0 || *time_ns > now_ns + kDayNs)
    return wrong("time_ns", "nanoseconds since 1970 (UTC), at most a day from now, which is " +
                                std::to_string(now_ns));
  out = *time_ns;
  return ok_status();
}

Result<Event> read_event(const Json& body, const V1Limits& limits, std::int64_t now_ns) {
  CROSSFADE_RETURN_IF_ERROR(
      check_names(body, "an event", {"user", "item", "domain", "time_ns", "weight", "kind"}));
  Event event;
  event.time_ns = now_ns;
  CROSSFADE_ASSIGN_OR_RETURN(event.user, required_id(body, "user", limits));
  CROSSFADE_ASSIGN_OR_RETURN(event.item, required_id(body, "item", limits));
  CROSSFADE_RETURN_IF_ERROR(read_text(body, "domain", limits, event.domain));
  CROSSFADE_RETURN_IF_ERROR(read_time(body, now_ns, event.time_ns));
  std::int64_t kind = 0;
  CROSSFADE_RETURN_IF_ERROR(read_whole(body, "kind", 0, kMaxKind, kind));
  event.kind = static_cast<std::uint8_t>(kind);
  if (const Json* weight = body.find("weight")) {
    event.weight = weight->number();
    if (!weight->is_number() || !std::isfinite(static_cast<float>(event.weight)) ||
        event.weight < 0)
      return wrong("weight", "a number of at least 0 and at most 3e38");
  }
  return event;
}

// "a+b%20c" -> "a b c". Errors: what comes out is not UTF-8.
Result<std::string> form_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::string decoded = percent_decoded(spaced);
  if (!is_valid_utf8(decoded))
    return usage_error("the query's '" + std::string(text) +
                       "' is not UTF-8; encode names and values as UTF-8 before escaping them");
  return decoded;
}

}  // namespace

Result<Request> read_recommend_body(const Json& body, const V1Limits& limits) {
  CROSSFADE_RETURN_IF_ERROR(
      check_names(body, "the request", {"user", "k", "domain", "keep_seen", "exclude"}));
  Request request;
  CROSSFADE_ASSIGN_OR_RETURN(request.user, required_id(body, "user", limits));
  CROSSFADE_RETURN_IF_ERROR(read_whole(body, "k", 1, limits.k, request.k));
  CROSSFADE_RETURN_IF_ERROR(read_text(body, "domain", limits, request.domain));
  if (const Json* keep_seen = body.find("keep_seen")) {
    if (!keep_seen->as_bool()) return wrong("keep_seen", "true or false");
    request.keep_seen = *keep_seen->as_bool();
  }
  if (const Json* exclude = body.find("exclude")) {
    const auto* ids = exclude->as_array();
    if (!ids || ids->size() > static_cast<std::size_t>(limits.excluded))
      return wrong("exclude", "a list of at most " + std::to_string(limits.excluded) + " items");
    for (const Json& id : *ids) {
      CROSSFADE_ASSIGN_OR_RETURN(ExternalId item, read_id(id, "exclude", limits));
      request.exclude.push_back(std::move(item));
    }
  }
  return request;
}

Result<std::vector<Event>> read_events_body(const Json& body, const V1Limits& limits,
                                            std::int64_t now_ns) {
  std::vector<Event> events;
  if (!body.is_object() || !body.find("events")) {
    CROSSFADE_ASSIGN_OR_RETURN(Event event, read_event(body, limits, now_ns));
    events.push_back(std::move(event));
    return events;
  }
  CROSSFADE_RETURN_IF_ERROR(check_names(body, "the request", {"events"}));
  const auto* list = body["events"].as_array();
  if (!list || list->empty() || list->size() > static_cast<std::size_t>(limits.events_at_once))
    return wrong("events", "a list of 1 to " + std::to_string(limits.events_at_once) + " events");
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto event = read_event((*list)[i], limits, now_ns);
    if (!event.ok()) return event.status().at("events[" + std::to_string(i) + "]");
    events.push_back(std::move(*event));
  }
  return events;
}

Result<SimilarQuery> read_similar_query(std::string_view query, const V1Limits& limits) {
  const std::vector<std::string> known = {"item", "k", "domain"};
  SimilarQuery similar;
  bool has_item = false;
  for (const std::string& part : split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view view = part;
    CROSSFADE_ASSIGN_OR_RETURN(const std::string name, form_decoded(view.substr(0, equals)));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string value,
                               form_decoded(view.substr(std::min(equals + 1, view.size()))));
    if (name == "item") {
      const auto number = parse_int(value);
      CROSSFADE_ASSIGN_OR_RETURN(similar.item,
                                 read_id(number ? Json(*number) : Json(value), name, limits));
      has_item = true;
    } else if (name == "k") {
      const auto number = parse_int(value);
      const Json body = Json::object().set("k", number ? Json(*number) : Json(value));
      CROSSFADE_RETURN_IF_ERROR(read_whole(body, "k", 1, limits.k, similar.k));
    } else if (name == "domain") {
      CROSSFADE_RETURN_IF_ERROR(check_length(name, value, limits));
      similar.domain = value;
    } else {
      return unknown_name("parameter of /v1/similar", name, known);
    }
  }
  if (!has_item) return usage_error("'item' is missing: ask /v1/similar?item=ITEM");
  return similar;
}

Json to_json(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return Json(*number);
  return Json(std::get<std::string>(id));
}

Json to_json(const Slate& slate) {
  Json items = Json::array();
  for (const SlateItem& item : slate.items)
    items.push(Json::object()
                   .set("item", to_json(item.item))
                   .set("score", item.score)
                   .set("source", item.source));
  return items;
}

}  // namespace crossfade
