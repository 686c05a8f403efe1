// Recipe: what is to be made of what, as a TOML file.
//
//   name = "movies"                # of the runs it makes
//   seed = 7                       # of every stage that draws and names none itself
//
//   [import.log]                   # the stage `log`, of the kind import
//   log = ["ratings.parquet"]      # a file below --data
//   schema = "movielens"
//   [split.parts]
//   store = "log"                  # the output of the stage `log`
//   by = "time:0.9"
//   [train.als]
//   data = "parts/train"           # a folder inside the output of `parts`
//   factors = 64                   # a knob of als
//
// A section is [KIND.NAME], or [KIND] for a stage named as its kind. An input whose first part is
// the name of a stage is that stage's output; any other is a path, relative ones below the data's
// folder. docs/recipes.md tells the whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/pipeline/stage_kind.h"

namespace crossfade {

// One input of a stage, as the recipe names it.
struct StageInput {
  std::string key, text;    // "data", "parts/train"
  std::int64_t stage = -1;  // the place in Recipe::stages of whoever makes it; -1: a path
  std::string inner;        // "train": what of that stage's output; empty: all of it
  std::string where;        // "recipe.toml, line 12", for sentences
  std::string beside;       // StageKey::beside of its key
};

struct RecipeStage {
  std::string name;
  const StageKind* kind = nullptr;
  // Every key of the kind, with its default where the section does not have it (null: no default);
  // and every knob likewise.
  Json values = Json::object(), knobs = Json::object();
  std::vector<std::string> settings;  // "factors=64": the knobs that the section names
  std::vector<StageInput> inputs;
  std::int64_t line = 0;  // of its section; 0: made by an override
};

struct Recipe {
  std::string name;
  std::int64_t seed = 1;
  std::vector<RecipeStage> stages;  // each after those whose outputs it takes, else as written
  Json effective;                   // the recipe with its overrides, as read

  // Usage error with the nearest name if there is no such stage.
  Result<std::size_t> find_stage(const std::string& stage) const;
};

struct RecipeText {
  std::string path;  // for sentences; its stem is the default name
  std::string toml;
  std::vector<std::string> overrides;  // "als.factors=32": stage.key=value; "seed=3"
};

// `kinds` must outlive the recipe. Errors name the line: not TOML (data invalid); an unknown or
// missing key, kind or knob, a value of another type, a name twice, stages that wait for each other
// (usage).
Result<Recipe> read_recipe(const RecipeText& text, const std::vector<StageKind>& kinds);

}  // namespace crossfade
