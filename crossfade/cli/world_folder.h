// World folders: what `synth` writes and `oracle` reads again. The manifest keeps the recipe, and a
// world is a function of its recipe, so the oracle needs no file of the truth.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/artifact.h"
#include "crossfade/synth/world.h"

namespace crossfade {

struct WorldRecipe {
  std::string world;
  std::vector<std::string> settings;
  std::int64_t seed = 1;
};

Result<std::unique_ptr<World>> make_world(const WorldRecipe& recipe, Context& context);

Result<ArtifactWriter> create_world_folder(const std::string& path, const WorldRecipe& recipe);
// Errors: not a world's folder, damaged.
Result<WorldRecipe> read_world_recipe(const std::string& path);

// "megamarket.parquet", "events.csv"; tables of the truth go to "truth/".
std::string world_file(const TableInfo& info);

}  // namespace crossfade
