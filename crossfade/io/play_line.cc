// Strict JSON decides; a checksum that is there has to be right.
#include "crossfade/io/play_line.h"

#include <cmath>

#include "crossfade/base/checked_line.h"
#include "crossfade/base/json.h"

namespace crossfade {
namespace {

constexpr std::string_view kHeader = "crossfade-events ";
constexpr std::int64_t kMostMs = 9'000'000'000'000;  // the year 2255; in ns it fits 64 bits

// The JSON behind a checksum, or the line itself where there is none.
Result<std::string_view> without_checksum(std::string_view line) {
  if (line.starts_with('{') || !has_checksum(line)) return line;
  const auto json = checked_text(line);
  if (!json) return data_invalid("the record does not fit its checksum");
  return *json;
}

Status read_id(const Json& record, const char* key, ExternalId& id) {
  const Json& value = record[key];
  if (const auto* number = value.as_int())
    id = *number;
  else if (const auto* text = value.as_string(); text && !text->empty())
    id = *text;
  else
    return data_invalid("the member '" + std::string(key) + "' is missing or is no id");
  return ok_status();
}

Status read_share(const Json& record, const char* key, float& share) {
  CROSSFADE_ASSIGN_OR_RETURN(const double value, record.number_at(key));
  share = static_cast<float>(value);
  if (std::isfinite(share)) return ok_status();
  return data_invalid("the member '" + std::string(key) + "' is not finite");
}

Status read_botify(const Json& record, PlayLine& play) {
  CROSSFADE_ASSIGN_OR_RETURN(play.message, record.string_at("message"));
  if (play.message != "next" && play.message != "last")
    return data_invalid("the member 'message' is neither next nor last");
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t ms, record.int_at("timestamp"));
  if (ms < -kMostMs || ms > kMostMs)
    return data_invalid("the member 'timestamp' is no time in milliseconds");
  play.time_ns = ms * 1'000'000;
  play.domain.clear();
  CROSSFADE_RETURN_IF_ERROR(read_id(record, "user", play.user));
  CROSSFADE_RETURN_IF_ERROR(read_id(record, "track", play.track));
  return read_share(record, "time", play.share);
}

Status read_event(const Json& record, PlayLine& play) {
  CROSSFADE_ASSIGN_OR_RETURN(play.time_ns, record.int_at("time_ns"));
  CROSSFADE_ASSIGN_OR_RETURN(play.domain, record.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t kind, record.int_at("kind"));
  play.message = kind == 0 ? "next" : kind == 1 ? "last" : std::to_string(kind);
  CROSSFADE_RETURN_IF_ERROR(read_id(record, "user", play.user));
  CROSSFADE_RETURN_IF_ERROR(read_id(record, "item", play.track));
  return read_share(record, "weight", play.share);
}

}  // namespace

Result<LineIs> read_play_line(std::string_view line, PlayLine& play) {
  if (line.starts_with(kHeader)) return LineIs::kHeader;
  CROSSFADE_ASSIGN_OR_RETURN(const std::string_view json, without_checksum(line));
  CROSSFADE_ASSIGN_OR_RETURN(const Json record, parse_json(json));
  if (!record.is_object()) return data_invalid("not a JSON object");
  if (record.find("asked") && record.find("shown")) return LineIs::kAnswer;
  CROSSFADE_RETURN_IF_ERROR(record.find("message") ? read_botify(record, play)
                                                   : read_event(record, play));
  return LineIs::kPlay;
}

}  // namespace crossfade
