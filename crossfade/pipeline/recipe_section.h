// RecipeSection: one section of a recipe, before and after its keys are checked against its kind.
#pragma once

#include <map>
#include <string>

#include "crossfade/pipeline/recipe.h"

namespace crossfade {

struct RecipeSection {
  std::string name;
  const StageKind* kind = nullptr;
  Json keys;          // as written
  std::string where;  // "recipe.toml, line 12", for sentences
  std::int64_t line = 0;
  std::map<std::string, std::string> places;  // the same of every key
};

// Types, defaults, knobs; `seed` is the recipe's. Errors (usage) name place, key and the nearest.
Result<RecipeStage> read_section(const RecipeSection& section, std::int64_t seed);

}  // namespace crossfade
