// Checksums are looked at, as the log's own replay does.
#include "crossfade/experiments/event_record.h"

#include "crossfade/base/checked_line.h"
#include "crossfade/base/hash.h"
#include "crossfade/events/answer.h"
#include "crossfade/events/event.h"

namespace crossfade {
namespace {

void set_user(const ExternalId& user, TrafficLine& line) {
  const auto number = as_number(user);
  line.user = number.value_or(0);
  line.text_user = number ? "" : to_text(user);
}

std::int64_t track_of(const ExternalId& item) {
  if (const auto number = as_number(item)) return *number;
  return static_cast<std::int64_t>(hash_bytes(std::get<std::string>(item)) >> 1);
}

EventRecord fill_from(const Event& event, TrafficLine& line) {
  if (event.kind != kPlayed && event.kind != kPlayedLast) return EventRecord::kOther;
  line = {};
  set_user(event.user, line);
  line.is_last = event.kind == kPlayedLast;
  line.time_ns = event.time_ns;
  line.track = track_of(event.item);
  line.share = event.weight;
  return EventRecord::kPlay;
}

EventRecord fill_from(const Answer& answer, TrafficLine& line) {
  if (answer.asked != "next" || answer.shown.empty()) return EventRecord::kOther;
  line = {};
  set_user(answer.user, line);
  line.time_ns = answer.time_ns;
  line.track = answer.after ? track_of(*answer.after) : kNoTrack;
  line.recommendation = track_of(answer.shown[0].item);
  line.propensity = answer.shown[0].propensity;
  line.names.reserve(answer.treatments.size());  // views of them are handed out
  for (const Treatment& treatment : answer.treatments) {
    line.names.push_back(treatment.experiment);
    line.experiments.emplace_back(line.names.back(), treatment_from_name(treatment.name));
  }
  return EventRecord::kAnswer;
}

}  // namespace

Result<EventRecord> read_event_record(std::string_view text, TrafficLine& line) {
  if (!has_checksum(text)) return data_invalid("the record has no checksum");
  const auto record = checked_text(text);
  if (!record) return data_invalid("the record's checksum does not fit");
  if (record->starts_with(kAnswerBegin)) {
    CROSSFADE_ASSIGN_OR_RETURN(const Answer answer, decode_answer(*record));
    return fill_from(answer, line);
  }
  CROSSFADE_ASSIGN_OR_RETURN(const Event event, decode_event(*record));
  return fill_from(event, line);
}

}  // namespace crossfade
