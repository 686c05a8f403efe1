// Sections become stages: overrides are applied, names and keys checked (recipe_section.h), inputs
// joined to the stages that make them, and the whole put in order.
#include "crossfade/pipeline/recipe.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/base/toml.h"
#include "crossfade/pipeline/recipe_section.h"

namespace crossfade {
namespace {

constexpr const char* kTopKeys[] = {"name", "seed", "about"};
// Files that a run itself writes beside the stages' outputs.
constexpr const char* kReserved[] = {"report", "provenance"};

class Reading {
 public:
  Reading(const RecipeText& text, const std::vector<StageKind>& kinds)
      : text_(text), kinds_(kinds) {}

  Result<Recipe> read() {
    auto parsed = parse_toml(text_.toml);
    if (!parsed.ok()) return parsed.status().at(text_.path);
    document_ = *std::move(parsed);
    CROSSFADE_RETURN_IF_ERROR(split_top());
    CROSSFADE_RETURN_IF_ERROR(apply_overrides());
    recipe_.effective = effective();
    for (const RecipeSection& section : sections_) {
      CROSSFADE_ASSIGN_OR_RETURN(RecipeStage stage, read_section(section, recipe_.seed));
      recipe_.stages.push_back(std::move(stage));
    }
    if (recipe_.stages.empty())
      return usage_error(text_.path + " has no stages; a stage is a section such as [train.als]");
    CROSSFADE_RETURN_IF_ERROR(join_inputs());
    CROSSFADE_RETURN_IF_ERROR(put_in_order());
    return std::move(recipe_);
  }

 private:
  std::string at(const std::string& path) const {
    const auto line = document_.lines.find(path);
    return text_.path +
           (line == document_.lines.end() ? "" : ", line " + std::to_string(line->second));
  }

  Status split_top() {
    recipe_.name = std::filesystem::path(text_.path).stem().string();
    for (const auto& [key, value] : *document_.root.as_object()) {
      if (value.is_object()) {
        CROSSFADE_RETURN_IF_ERROR(add_kind(key, value));
        continue;
      }
      CROSSFADE_RETURN_IF_ERROR(set_top(key, value, at(key)));
    }
    return ok_status();
  }

  Status set_top(const std::string& key, const Json& value, const std::string& where) {
    const bool is_text = value.as_string() != nullptr;
    if (key == "seed" && value.is_int() && *value.as_int() >= 0) {
      recipe_.seed = *value.as_int();
    } else if (key == "name" && is_text && !value.as_string()->empty()) {
      recipe_.name = *value.as_string();
    } else if (key == "about" && is_text) {
      about_ = *value.as_string();
    } else if (std::find(std::begin(kTopKeys), std::end(kTopKeys), key) == std::end(kTopKeys)) {
      std::vector<std::string> known(std::begin(kTopKeys), std::end(kTopKeys));
      return unknown_name("key of a recipe (outside its sections)", key, known).at(where);
    } else {
      return usage_error(where + ": " + key + " cannot be " + to_text(value) + "; it is " +
                         (key == "seed" ? "a whole number from 0 on" : "a text"));
    }
    return ok_status();
  }

  // [train.als] and [train.popular] come as {"als": {..}, "popular": {..}}; [split] as its keys.
  Status add_kind(const std::string& kind_name, const Json& table) {
    const auto kind = std::find_if(kinds_.begin(), kinds_.end(),
                                   [&](const StageKind& k) { return k.name == kind_name; });
    if (kind == kinds_.end()) {
      std::vector<std::string> names;
      for (const StageKind& known : kinds_) names.push_back(known.name);
      return unknown_name("kind of stage", kind_name, names).at(at(kind_name));
    }
    const Json::Object& members = *table.as_object();
    const auto tables = std::count_if(members.begin(), members.end(),
                                      [](const auto& member) { return member.second.is_object(); });
    if (tables != 0 && tables != static_cast<std::ptrdiff_t>(members.size()))
      return usage_error(at(kind_name) + ": [" + kind_name +
                         "] has keys of its own and named sections; write [" + kind_name +
                         ".NAME] for each stage");
    if (tables == 0) return add_section(kind_name, *kind, table, kind_name);
    for (const auto& [name, section] : members)
      CROSSFADE_RETURN_IF_ERROR(add_section(name, *kind, section, kind_name + "." + name));
    return ok_status();
  }

  Status add_section(const std::string& name, const StageKind& kind, const Json& keys,
                     const std::string& path) {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    };
    const bool reserved =
        std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
    if (name.empty() || reserved || !std::all_of(name.begin(), name.end(), allowed))
      return usage_error(at(path) + ": a stage cannot be called '" + name +
                         "'; names are letters, " + "digits, '_' and '-', and not " +
                         join(reserved_names(), " or "));
    for (const RecipeSection& other : sections_)
      if (other.name == name)
        return usage_error(at(path) + ": there are two stages called " + name +
                           "; give one another name, as in [" + kind.name + "." + name + "-2]");
    RecipeSection section{name, &kind, keys, at(path), 0, {}};
    if (const auto line = document_.lines.find(path); line != document_.lines.end())
      section.line = line->second;
    for (const auto& [key, value] : *keys.as_object()) section.places[key] = at(path + "." + key);
    sections_.push_back(std::move(section));
    return ok_status();
  }

  static std::vector<std::string> reserved_names() {
    return {std::begin(kReserved), std::end(kReserved)};
  }

  Status apply_overrides() {
    for (const std::string& override_text : text_.overrides) {
      CROSSFADE_ASSIGN_OR_RETURN(const auto parts, internal::split_setting(override_text));
      const std::string where = "--set " + override_text;
      const std::size_t dot = parts.first.find('.');
      const Json value = parse_toml_value(parts.second);
      if (dot == std::string::npos) {
        CROSSFADE_RETURN_IF_ERROR(set_top(parts.first, value, where));
        continue;
      }
      const std::string name = parts.first.substr(0, dot), key = parts.first.substr(dot + 1);
      std::vector<std::string> names;
      for (RecipeSection& section : sections_) {
        names.push_back(section.name);
        if (section.name != name) continue;
        section.keys.set(key, value);
        section.places[key] = where;
        names.clear();
        break;
      }
      if (!names.empty()) return unknown_name("stage", name, names).at(where);
    }
    return ok_status();
  }

  Json effective() const {
    Json json = Json::object().set("name", recipe_.name).set("seed", recipe_.seed);
    if (!about_.empty()) json.set("about", about_);
    Json stages = Json::array();
    for (const RecipeSection& section : sections_)
      stages.push(Json::object()
                      .set("stage", section.name)
                      .set("kind", section.kind->name)
                      .set("keys", section.keys));
    return json.set("stages", std::move(stages));
  }

  Status join_inputs() {
    for (RecipeStage& stage : recipe_.stages)
      for (StageInput& input : stage.inputs) {
        const std::size_t slash = input.text.find('/');
        const std::string first = input.text.substr(0, slash);
        for (std::size_t i = 0; i < recipe_.stages.size(); ++i) {
          // "lists.parquet" is the file that the stage `lists` writes, too.
          const RecipeStage& maker = recipe_.stages[i];
          if (first != maker.name && first != maker.kind->output_name(maker.name)) continue;
          input.stage = static_cast<std::int64_t>(i);
          if (slash != std::string::npos) input.inner = input.text.substr(slash + 1);
        }
      }
    return ok_status();
  }

  // The first of the stages as written that waits for none of the rest, again and again.
  Status put_in_order() {
    std::vector<std::size_t> order;
    std::vector<std::int64_t> place(recipe_.stages.size(), -1);
    while (order.size() < place.size()) {
      std::size_t next = 0;
      while (next < place.size() && (place[next] >= 0 || !ready(recipe_.stages[next], place)))
        ++next;
      if (next == place.size()) return cycle(place);
      place[next] = static_cast<std::int64_t>(order.size());
      order.push_back(next);
    }
    std::vector<RecipeStage> stages;
    for (const std::size_t from : order) {
      stages.push_back(std::move(recipe_.stages[from]));
      for (StageInput& input : stages.back().inputs)
        if (input.stage >= 0) input.stage = place[static_cast<std::size_t>(input.stage)];
    }
    recipe_.stages = std::move(stages);
    return ok_status();
  }

  static bool ready(const RecipeStage& stage, const std::vector<std::int64_t>& place) {
    return std::all_of(stage.inputs.begin(), stage.inputs.end(), [&](const StageInput& input) {
      return input.stage < 0 || place[static_cast<std::size_t>(input.stage)] >= 0;
    });
  }

  // Follows unplaced makers until a stage comes twice.
  Status cycle(const std::vector<std::int64_t>& place) const {
    std::vector<std::size_t> path;
    std::size_t at_stage = 0;
    while (place[at_stage] >= 0) ++at_stage;
    while (std::find(path.begin(), path.end(), at_stage) == path.end()) {
      path.push_back(at_stage);
      for (const StageInput& input : recipe_.stages[at_stage].inputs)
        if (input.stage >= 0 && place[static_cast<std::size_t>(input.stage)] < 0)
          at_stage = static_cast<std::size_t>(input.stage);
    }
    std::vector<std::string> names;
    for (auto i = std::find(path.begin(), path.end(), at_stage); i != path.end(); ++i)
      names.push_back(recipe_.stages[*i].name);
    names.push_back(recipe_.stages[at_stage].name);
    return usage_error(text_.path + ": these stages wait for each other: " + join(names, " <- ") +
                       "; let one of them take another input");
  }

  const RecipeText& text_;
  const std::vector<StageKind>& kinds_;
  TomlDocument document_;
  std::string about_;
  std::vector<RecipeSection> sections_;
  Recipe recipe_;
};

}  // namespace

Result<std::size_t> Recipe::find_stage(const std::string& stage) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].name == stage) return i;
    names.push_back(stages[i].name);
  }
  return unknown_name("stage", stage, names);
}

Result<Recipe> read_recipe(const RecipeText& text, const std::vector<StageKind>& kinds) {
  return Reading(text, kinds).read();
}

}  // namespace crossfade
