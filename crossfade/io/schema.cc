// The list of presets, and what a command line makes of it.
#include "crossfade/io/schema.h"

#include <algorithm>
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
  for (const std::string* name :
       {&schema.user, &schema.item, &schema.time, &schema.weight, &schema.kind, &schema.session}) {
    if (name->empty()) continue;
    if (std::find(used.begin(), used.end(), *name) != used.end())
      return usage_error("column '" + *name + "' is said to be two things; name another column");
    used.push_back(*name);
  }
  return ok_status();
}

}  // namespace

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

const std::vector<LogSchema>& schema_presets() {
  static const std::vector<LogSchema> presets = {
      {"hackathon", "user_id", "item_id", "timestamp", "rating", "", "", TimeUnit::kNanoseconds,
       "two-domain logs of plays and purchases: user_id, item_id, timestamp in ns, rating"},
      {"movielens", "user_id", "item_id", "timestamp", "rating", "", "", TimeUnit::kSeconds,
       "ratings of movies: user_id, item_id, timestamp in s, rating"},
  };
  return presets;
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
  put_over(schema.weight, choice.weight);
  put_over(schema.kind, choice.kind);
  put_over(schema.session, choice.session);
  if (schema.user.empty() || schema.item.empty())
    return usage_error(
        "a log needs a user and an item in every row; --user and --item cannot be "
        "none");
  CROSSFADE_RETURN_IF_ERROR(refuse_double_use(schema));
  if (!choice.time_unit.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(schema.time_unit, parse_time_unit(choice.time_unit));
  }
  return schema;
}

}  // namespace crossfade
