// Scales and their inverses.
#include "crossfade/pipeline/search_space.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

double from_unit(const TuneRange& range, double u) {
  if (range.kind == TuneRange::Kind::kLog) return range.low * std::pow(range.high / range.low, u);
  return range.low + (range.high - range.low) * u;
}

double to_unit(const TuneRange& range, double value) {
  const double clamped = std::clamp(value, range.low, range.high);
  if (range.kind == TuneRange::Kind::kLog)
    return std::log(clamped / range.low) / std::log(range.high / range.low);
  return (clamped - range.low) / (range.high - range.low);
}

double three_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return *parse_double(text);
}

std::string value_text(const KnobInfo& knob, double u) {
  const double value = from_unit(knob.range.tune, u);
  if (knob.type == "integer") return std::to_string(std::llround(value));
  return format_shortest(three_digits(value));
}

}  // namespace

Result<std::vector<KnobInfo>> with_ranges(const std::string& owner, std::vector<KnobInfo> knobs,
                                          const std::vector<std::string>& ranges) {
  for (const std::string& range : ranges) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto parts, internal::split_setting(range));
    const auto knob = std::find_if(knobs.begin(), knobs.end(),
                                   [&](const KnobInfo& k) { return k.name == parts.first; });
    if (knob == knobs.end()) return internal::unknown_knob(owner, parts.first, knobs);
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const std::size_t dots = std::min(parts.second.find(".."), parts.second.size());
    const double low = parse_double(parts.second.substr(0, dots)).value_or(kNone);
    const double high =
        parse_double(parts.second.substr(std::min(dots + 2, parts.second.size()))).value_or(kNone);
    const bool number = knob->type == "number" || knob->type == "integer";
    if (!number || !(low < high && low >= knob->range.low && high <= knob->range.high))
      return usage_error("'" + range + "' is no range to search: it is NAME=LOW..HIGH of a knob " +
                         "that is a number" +
                         (number ? ", within " + format_shortest(knob->range.low) + " to " +
                                       format_shortest(knob->range.high)
                                 : ""));
    knob->range.tune = {low > 0 ? TuneRange::Kind::kLog : TuneRange::Kind::kLinear, low, high};
  }
  return knobs;
}

Result<SearchSpace> SearchSpace::make(const std::string& owner, const std::vector<KnobInfo>& knobs,
                                      const std::vector<std::string>& fixed) {
  std::map<std::string, Json> fixed_values;
  for (const std::string& setting : fixed) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto parts, internal::split_setting(setting));
    const auto knob = std::find_if(knobs.begin(), knobs.end(),
                                   [&](const KnobInfo& k) { return k.name == parts.first; });
    if (knob == knobs.end()) return internal::unknown_knob(owner, parts.first, knobs);
    auto value = parse_knob(*knob, parts.second);
    if (!value.ok()) return value.status().at(owner);
    fixed_values[parts.first] = *std::move(value);
  }
  SearchSpace space;
  for (const KnobInfo& knob : knobs) {
    const auto set = fixed_values.find(knob.name);
    const TuneRange& tune = knob.range.tune;
    if (tune.kind == TuneRange::Kind::kEffort) {
      const double top = set == fixed_values.end() ? knob.value.number() : set->second.number();
      space.effort_ = EffortKnob{knob.name, std::min(tune.low, top), top};
    } else if (tune.kind != TuneRange::Kind::kNone && set == fixed_values.end()) {
      SearchDimension dimension{knob, {}};
      if (tune.kind == TuneRange::Kind::kChoices)
        dimension.options = knob.range.choices.empty() ? std::vector<std::string>{"false", "true"}
                                                       : knob.range.choices;
      space.dimensions_.push_back(std::move(dimension));
    }
  }
  if (space.dimensions_.empty())
    return usage_error(owner + " has no knob left to tune; fix fewer of them with --set");
  return space;
}

std::vector<std::string> SearchSpace::settings(const SearchPoint& point) const {
  std::vector<std::string> settings;
  for (std::size_t d = 0; d < dimensions_.size(); ++d) {
    const SearchDimension& dimension = dimensions_[d];
    settings.push_back(dimension.knob.name + "=" +
                       (dimension.is_choice()
                            ? dimension.options[static_cast<std::size_t>(point[d])]
                            : value_text(dimension.knob, point[d])));
  }
  return settings;
}

std::string SearchDimension::text_in(const std::vector<std::string>& settings) const {
  for (const std::string& setting : settings)
    if (setting.starts_with(knob.name + "=")) return setting.substr(knob.name.size() + 1);
  return knob.value.as_string() ? *knob.value.as_string() : to_text(knob.value);
}

SearchPoint SearchSpace::point(const std::vector<std::string>& settings) const {
  SearchPoint point;
  for (const SearchDimension& dimension : dimensions_) {
    const std::string text = dimension.text_in(settings);
    if (dimension.is_choice()) {
      const auto& options = dimension.options;
      const auto found = std::find(options.begin(), options.end(), text);
      point.push_back(found == options.end() ? 0 : static_cast<double>(found - options.begin()));
    } else {
      point.push_back(to_unit(dimension.knob.range.tune, parse_double(text).value_or(0)));
    }
  }
  return point;
}

}  // namespace crossfade
