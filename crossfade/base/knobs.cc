// Checks a value against its knob, and prints knobs for people.
#include "crossfade/base/knobs.h"

#include <algorithm>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

std::string range_text(const KnobInfo& info) {
  if (!info.range.choices.empty()) return "one of " + join(info.range.choices, ", ");
  if (info.type == "yes/no") return "true or false";
  if (info.type == "choice") return "a text";
  return format_shortest(info.range.low) + " to " + format_shortest(info.range.high);
}

// "; tune looks from 16 to 256 (log)", or nothing.
std::string tune_text(const TuneRange& tune) {
  using Kind = TuneRange::Kind;
  if (tune.kind == Kind::kNone) return "";
  if (tune.kind == Kind::kChoices) return "; tune tries all";
  if (tune.kind == Kind::kEffort)
    return "; tune gives poor tries less, from " + format_shortest(tune.low);
  return "; tune looks from " + format_shortest(tune.low) + " to " + format_shortest(tune.high) +
         (tune.kind == Kind::kLog ? " (log)" : "");
}

Status bad_value(const KnobInfo& info, const std::string& text) {
  return usage_error("the knob " + info.name + " cannot be '" + text + "'; it is " +
                     (info.type == "integer" ? "a whole number, " : "") + range_text(info));
}

}  // namespace

Result<Json> parse_knob(const KnobInfo& info, const std::string& text) {
  const auto in_range = [&](double x) { return x >= info.range.low && x <= info.range.high; };
  if (info.type == "integer") {
    const auto value = parse_int(text);
    if (!value || !in_range(static_cast<double>(*value))) return bad_value(info, text);
    return Json(*value);
  }
  if (info.type == "number") {
    const auto value = parse_double(text);
    if (!value || !in_range(*value)) return bad_value(info, text);
    return Json(*value);
  }
  if (info.type == "yes/no") {
    if (text == "true" || text == "1" || text == "yes") return Json(true);
    if (text == "false" || text == "0" || text == "no") return Json(false);
    return bad_value(info, text);
  }
  const auto& choices = info.range.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
    return bad_value(info, text);
  return Json(text);
}

std::string describe_knobs(const std::vector<KnobInfo>& knobs) {
  std::string text;
  for (const KnobInfo& knob : knobs) {
    std::string head = "  " + knob.name + " = " + to_text(knob.value);
    head.resize(std::max<std::size_t>(head.size() + 2, 30), ' ');
    text += head + knob.help + " (" + range_text(knob) + tune_text(knob.range.tune) + ")\n";
  }
  return text;
}

namespace internal {

Result<std::pair<std::string, std::string>> split_setting(const std::string& setting) {
  const std::size_t at = setting.find('=');
  if (at == std::string::npos || at == 0)
    return usage_error("a setting is written name=value, and '" + setting + "' is not");
  return std::pair(setting.substr(0, at), setting.substr(at + 1));
}

Status unknown_knob(const std::string& owner, const std::string& name,
                    const std::vector<KnobInfo>& knobs) {
  std::vector<std::string> names;
  for (const KnobInfo& knob : knobs) names.push_back(knob.name);
  return unknown_name("knob of " + owner, name, names);
}

}  // namespace internal
}  // namespace crossfade
