// Written by hand, not through Json: an answer is logged for every request.
#include "crossfade/events/answer.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "crossfade/base/json.h"
#include "crossfade/base/text.h"
#include "crossfade/events/id_text.h"

namespace crossfade {

void encode_answer(const Answer& answer, std::string& out) {
  out += kAnswerBegin;
  append_json_text(answer.asked, out);
  out += ", \"user\": ";
  append_json_id(answer.user, out);
  out += ", \"domain\": ";
  append_json_text(answer.domain, out);
  out += ", \"time_ns\": ";
  append_json_id(answer.time_ns, out);
  if (answer.after) {
    out += ", \"after\": ";
    append_json_id(*answer.after, out);
  }
  out += ", \"flow\": ";
  append_json_text(answer.flow, out);
  out += ", \"treatments\": ";
  append_treatments(answer.treatments, out);
  out += ", \"shown\": [";
  for (std::size_t i = 0; i < answer.shown.size(); ++i) {
    const ShownItem& shown = answer.shown[i];
    out += i > 0 ? ", {\"item\": " : "{\"item\": ";
    append_json_id(shown.item, out);
    out += ", \"source\": ";
    append_json_text(shown.source, out);
    out += ", \"propensity\": ";
    append_python_float(shown.propensity, out);
    out += '}';
  }
  out += "]}";
}

Result<Answer> decode_answer(std::string_view text) {
  CROSSFADE_ASSIGN_OR_RETURN(const Json record, parse_json(text));
  Answer answer;
  CROSSFADE_ASSIGN_OR_RETURN(answer.asked, record.string_at("asked"));
  CROSSFADE_ASSIGN_OR_RETURN(answer.user, id_at(record, "user"));
  CROSSFADE_ASSIGN_OR_RETURN(answer.domain, record.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(answer.time_ns, record.int_at("time_ns"));
  if (record.find("after")) {
    CROSSFADE_ASSIGN_OR_RETURN(answer.after, id_at(record, "after"));
  }
  CROSSFADE_ASSIGN_OR_RETURN(answer.flow, record.string_at("flow"));
  const auto* treatments = record["treatments"].as_object();
  const auto* shown = record["shown"].as_array();
  if (!treatments || !shown)
    return data_invalid("the member 'treatments' or 'shown' is missing or of another type");
  for (const auto& [experiment, treatment] : *treatments) {
    if (!treatment.as_string())
      return data_invalid("the treatment of '" + experiment + "' is not a text");
    answer.treatments.push_back({experiment, *treatment.as_string()});
  }
  for (const Json& one : *shown) {
    ShownItem& item = answer.shown.emplace_back();
    CROSSFADE_ASSIGN_OR_RETURN(item.item, id_at(one, "item"));
    CROSSFADE_ASSIGN_OR_RETURN(item.source, one.string_at("source"));
    CROSSFADE_ASSIGN_OR_RETURN(item.propensity, one.number_at("propensity"));
    if (!(item.propensity > 0 && item.propensity <= 1))
      return data_invalid("the member 'propensity' is not above 0 and at most 1");
  }
  return answer;
}

}  // namespace crossfade
