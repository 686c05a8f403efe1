// Written by hand, not through Json: an answer is logged for every request.
#include "crossfade/events/answer.h"

#include "crossfade/base/json.h"
#include "crossfade/base/text.h"
#include "crossfade/events/id_text.h"

namespace crossfade {

void encode_answer(const Answer& answer, std::string& out) {
  RecordText record(out);
  append_json_text(answer.asked, record.key("asked"));  // first: kAnswerBegin
  append_json_id(answer.user, record.key("user"));
  append_json_text(answer.domain, record.key("domain"));
  append_json_id(answer.time_ns, record.key("time_ns"));
  if (answer.after) append_json_id(*answer.after, record.key("after"));
  append_json_text(answer.flow, record.key("flow"));
  append_treatments(answer.treatments, record.key("treatments"));
  record.key("shown") += '[';
  for (std::size_t i = 0; i < answer.shown.size(); ++i) {
    if (i > 0) out += ", ";
    RecordText shown(out);
    append_json_id(answer.shown[i].item, shown.key("item"));
    append_json_text(answer.shown[i].source, shown.key("source"));
    append_python_float(answer.shown[i].propensity, shown.key("propensity"));
    shown.end();
  }
  out += ']';
  record.end();
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
