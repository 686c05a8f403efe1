// Checks a section's keys against its kind, and fills in what it does not say.
#include "crossfade/pipeline/recipe_section.h"

#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

std::string type_text(StageKey::Type type) {
  switch (type) {
    case StageKey::Type::kText:
      return "a text";
    case StageKey::Type::kTexts:
      return "a text or a list of texts";
    case StageKey::Type::kInteger:
      return "a whole number";
    case StageKey::Type::kFlag:
      return "true or false";
  }
  return "";
}

// A number or a flag as it is typed on a command line; a list joined by commas.
std::string as_typed(const Json& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const Json::Array* list = value.as_array()) {
    std::vector<std::string> parts;
    for (const Json& entry : *list) parts.push_back(as_typed(entry));
    return join(parts, ",");
  }
  return to_text(value);
}

// The value as the key's type, or null if it is none.
Json fit(const Json& value, StageKey::Type type) {
  switch (type) {
    case StageKey::Type::kText:
      // k = 10 and k = [10, 20] for a text such as "10,20"; but no tables.
      return value.is_object() ? Json() : Json(as_typed(value));
    case StageKey::Type::kTexts: {
      Json list = Json::array();
      if (!value.as_array()) return value.is_object() ? Json() : list.push(as_typed(value));
      for (const Json& entry : *value.as_array()) list.push(as_typed(entry));
      return list;
    }
    case StageKey::Type::kInteger:
      return value.is_int() ? value : Json();
    case StageKey::Type::kFlag:
      return value.as_bool() ? value : Json();
  }
  return {};
}

class SectionReading {
 public:
  SectionReading(const RecipeSection& section, std::int64_t seed)
      : section_(section), kind_(*section.kind) {
    stage_.name = section.name;
    stage_.kind = &kind_;
    stage_.line = section.line;
    for (const StageKey& key : kind_.keys) {
      stage_.values.set(key.name, key.value);
      if (key.name == "seed" && key.type == StageKey::Type::kInteger)
        stage_.values.set(key.name, seed);
    }
    if (!kind_.named_by.empty()) stage_.values.set(kind_.named_by, section.name);
  }

  Result<RecipeStage> read() {
    for (const auto& [name, value] : *section_.keys.as_object())
      if (const StageKey* key = kind_.find(name)) CROSSFADE_RETURN_IF_ERROR(set_key(*key, value));
    for (const StageKey& key : kind_.keys)
      if (key.required && key.name != kind_.named_by && !section_.keys.find(key.name))
        return usage_error(section_.where + ": the stage " + section_.name + " needs the key " +
                           key.name + " (" + key.help + ")");
    CROSSFADE_RETURN_IF_ERROR(set_knobs());
    add_inputs();
    return std::move(stage_);
  }

 private:
  std::string place(const std::string& key) const {
    const auto found = section_.places.find(key);
    return found == section_.places.end() ? section_.where : found->second;
  }

  Status set_key(const StageKey& key, const Json& value) {
    Json fitting = fit(value, key.type);
    if (fitting.is_null())
      return usage_error(place(key.name) + ": " + key.name + " cannot be " + to_text(value) +
                         "; it is " + type_text(key.type) + " (" + key.help + ")");
    stage_.values.set(key.name, std::move(fitting));
    return ok_status();
  }

  // Whatever is no key is a knob, or a mistake.
  Status set_knobs() {
    std::vector<KnobInfo> knobs;
    if (kind_.knobs) {
      auto found = kind_.knobs(stage_.values);
      if (!found.ok()) return found.status().at(place(kind_.named_by));
      knobs = *std::move(found);
    }
    for (const KnobInfo& knob : knobs) stage_.knobs.set(knob.name, knob.value);
    for (const auto& [name, value] : *section_.keys.as_object()) {
      if (kind_.find(name)) continue;
      const KnobInfo* knob = nullptr;
      for (const KnobInfo& candidate : knobs)
        if (candidate.name == name) knob = &candidate;
      if (!knob) return unknown_key(name, knobs);
      auto parsed = parse_knob(*knob, as_typed(value));
      if (!parsed.ok()) return parsed.status().at(place(name));
      stage_.knobs.set(name, *std::move(parsed));
      stage_.settings.push_back(name + "=" + as_typed(value));
    }
    return ok_status();
  }

  Status unknown_key(const std::string& name, const std::vector<KnobInfo>& knobs) const {
    std::vector<std::string> known;
    for (const StageKey& key : kind_.keys) known.push_back(key.name);
    for (const KnobInfo& knob : knobs) known.push_back(knob.name);
    return unknown_name("key or knob of " + kind_.name, name, known).at(place(name));
  }

  void add_inputs() {
    for (const StageKey& key : kind_.keys) {
      if (!key.is_input) continue;
      const Json& value = stage_.values[key.name];
      if (const std::string* text = value.as_string(); text && !text->empty())
        stage_.inputs.push_back({key.name, *text, -1, "", place(key.name), key.beside});
      if (const Json::Array* list = value.as_array())
        for (const Json& entry : *list)
          stage_.inputs.push_back(
              {key.name, *entry.as_string(), -1, "", place(key.name), key.beside});
    }
  }

  const RecipeSection& section_;
  const StageKind& kind_;
  RecipeStage stage_;
};

}  // namespace

Result<RecipeStage> read_section(const RecipeSection& section, std::int64_t seed) {
  return SectionReading(section, seed).read();
}

}  // namespace crossfade
