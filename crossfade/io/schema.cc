// What a command line makes of a schema.
#include "crossfade/io/schema.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

struct UnitName {
  TimeUnit unit;
  const char* name;
  const char* text;
  std::int64_t ns;
};
constexpr UnitName kUnits[] = {
    {TimeUnit::kAuto, "auto", "a guessed unit", 0},
    {TimeUnit::kSeconds, "s", "seconds", 1'000'000'000},
    {TimeUnit::kMilliseconds, "ms", "milliseconds", 1'000'000},
    {TimeUnit::kMicroseconds, "us", "microseconds", 1'000},
    {TimeUnit::kNanoseconds, "ns", "nanoseconds", 1},
};

const UnitName& entry_of(TimeUnit unit) {
  return kUnits[static_cast<std::size_t>(unit)];
}

// Puts what was said over what the preset has.
void put_over(std::string& column, const std::string& said) {
  if (said == "none")
    column.clear();
  else if (!said.empty())
    column = said;
}

// A column has one meaning.
Status refuse_double_use(const LogSchema& schema) {
  std::vector<std::string> used;
  for (const std::string& name : columns_of(schema)) {
    if (std::find(used.begin(), used.end(), name) != used.end())
      return usage_error("column '" + name + "' is said to be two things; name another column");
    used.push_back(name);
  }
  return ok_status();
}

// "click=1,cart=3" as pairs.
Result<std::vector<std::pair<std::string, float>>> parse_weights(const std::string& text) {
  std::vector<std::pair<std::string, float>> weights;
  for (const std::string& part : split(text, ',')) {
    const std::size_t equals = part.rfind('=');
    const auto weight =
        equals == std::string::npos ? std::nullopt : parse_double(part.substr(equals + 1));
    if (!weight || equals == 0 || !(*weight >= 0) || *weight > std::numeric_limits<float>::max())
      return usage_error("--weights is a list like click=1,cart=3, weights not below 0; '" + part +
                         "' is not one of its entries");
    weights.emplace_back(part.substr(0, equals), static_cast<float>(*weight));
  }
  return weights;
}

// The order of rows whose times are equal needs times. That of a preset goes with them.
Status put_order_over(LogSchema& schema, const std::string& said) {
  if (!said.empty()) schema.order_is_optional = false;
  put_over(schema.order, said);
  if (!schema.time.empty()) return ok_status();
  if (!said.empty() && said != "none")
    return usage_error(
        "--order says how rows of equal times follow each other, so it needs --time; without times "
        "rows stay in the order of the file");
  schema.order.clear();
  return ok_status();
}

Status put_weights_over(LogSchema& schema, const SchemaChoice& choice) {
  const int ways = (choice.weight.empty() ? 0 : 1) + (choice.weights.empty() ? 0 : 1) +
                   (choice.play_length.empty() ? 0 : 1);
  if (ways > 1)
    return usage_error(
        "a row is weighed by one of --weight (a column), --weights (its kind) and --play-length; "
        "say one of them");
  if (ways == 1) {
    schema.weight.clear();
    schema.kind_weights.clear();
    schema.length.clear();
  }
  put_over(schema.weight, choice.weight);
  put_over(schema.length, choice.play_length);
  if (!choice.weights.empty() && choice.weights != "none") {
    CROSSFADE_ASSIGN_OR_RETURN(schema.kind_weights, parse_weights(choice.weights));
  }
  if (!choice.skip_under.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(schema.skip_under_s,
                               parse_seconds("--skip-under", choice.skip_under));
  }
  if (!choice.full_play.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(schema.full_play_s, parse_seconds("--full-play", choice.full_play));
  }
  if (schema.length.empty() && !(choice.skip_under.empty() && choice.full_play.empty()))
    return usage_error(
        "--skip-under and --full-play need --play-length, the column they are about");
  if (!choice.only_kinds.empty()) schema.only_kinds = split(choice.only_kinds, ',');
  if (schema.kind.empty() && !(schema.kind_weights.empty() && schema.only_kinds.empty()))
    return usage_error("--weights and --only-kinds need --kind, the column that says the kind");
  return ok_status();
}

}  // namespace

std::vector<std::string> columns_of(const LogSchema& schema) {
  std::vector<std::string> names;
  for (const std::string* name : {&schema.user, &schema.item, &schema.time, &schema.weight,
                                  &schema.kind, &schema.session, &schema.length, &schema.order})
    if (!name->empty()) names.push_back(*name);
  return names;
}

Result<float> parse_seconds(const std::string& option, const std::string& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789.eE+-"), text.size());
  const auto number = parse_double(text.substr(0, digits));
  const std::string unit = text.substr(digits);
  for (const auto& [name, seconds] :
       {std::pair{"", 1.0}, {"s", 1.0}, {"ms", 1e-3}, {"min", 60.0}, {"h", 3600.0}})
    if (number && *number >= 0 && unit == name) return static_cast<float>(*number * seconds);
  return usage_error(option + " is a time like 30s, 500ms, 3min or 1h, not '" + text + "'");
}

Result<TimeUnit> parse_time_unit(const std::string& name) {
  std::vector<std::string> known;
  for (const UnitName& entry : kUnits) {
    if (entry.name == name) return entry.unit;
    known.emplace_back(entry.name);
  }
  return unknown_name("time unit", name, known);
}

std::string to_text(TimeUnit unit) {
  return entry_of(unit).text;
}

std::int64_t ns_of(TimeUnit unit) {
  CROSSFADE_CHECK(unit != TimeUnit::kAuto, "a guessed unit has no length");
  return entry_of(unit).ns;
}

Result<LogSchema> choose_schema(const SchemaChoice& choice) {
  LogSchema schema;
  if (!choice.preset.empty()) {
    const auto& presets = schema_presets();
    const auto found = std::find_if(presets.begin(), presets.end(), [&](const LogSchema& preset) {
      return preset.name == choice.preset;
    });
    if (found == presets.end()) {
      std::vector<std::string> known;
      for (const LogSchema& preset : presets) known.push_back(preset.name);
      return unknown_name("schema", choice.preset, known);
    }
    schema = *found;
  } else {
    for (const auto& [name, said] :
         {std::pair{"--user", &choice.user}, {"--item", &choice.item}, {"--time", &choice.time}})
      if (said->empty())
        return usage_error(std::string("say with ") + name +
                           " which column it is (--time none if there is none), or give --schema");
  }
  put_over(schema.user, choice.user);
  put_over(schema.item, choice.item);
  put_over(schema.time, choice.time);
  put_over(schema.kind, choice.kind);
  put_over(schema.session, choice.session);
  CROSSFADE_RETURN_IF_ERROR(put_order_over(schema, choice.order));
  CROSSFADE_RETURN_IF_ERROR(put_weights_over(schema, choice));
  if (schema.user.empty() || schema.item.empty())
    return usage_error(
        "a log needs a user and an item in every row; --user and --item cannot be "
        "none");
  CROSSFADE_RETURN_IF_ERROR(refuse_double_use(schema));
  if (!choice.time_unit.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(schema.time_unit, parse_time_unit(choice.time_unit));
  }
  if (!choice.ids.empty() && choice.ids != "auto" && choice.ids != "text")
    return usage_error("--ids is auto (numbers where a file has numbers) or text, not '" +
                       choice.ids + "'");
  schema.ids_are_text = choice.ids == "text";
  return schema;
}

}  // namespace crossfade
