// A world's folder is an artifact of kind "world" whose metadata is the recipe.
#include "crossfade/cli/world_folder.h"

#include <type_traits>
#include <utility>
namespace crossfade {
namespace {

constexpr int kWorldSchema = 2;

}  // namespace

Result<std::unique_ptr<World>> make_world(const WorldRecipe& recipe, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const WorldEntry entry, find_world(recipe.world));
  return entry.make(recipe.settings, static_cast<std::uint64_t>(recipe.seed), context);
}

Result<ArtifactWriter> create_world_folder(const std::string& path, const WorldRecipe& recipe) {
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter folder,
                             ArtifactWriter::create(path, "world", kWorldSchema));
  folder.metadata()
      .set("world", recipe.world)
      .set("seed", recipe.seed)
      .set("settings", json_list(recipe.settings));
  return folder;
}

Result<WorldRecipe> read_world_recipe(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact folder,
                             Artifact::open(path, "world", kWorldSchema, Verify::kSizes));
  WorldRecipe recipe;
  CROSSFADE_ASSIGN_OR_RETURN(recipe.world, folder.metadata().string_at("world"));
  CROSSFADE_ASSIGN_OR_RETURN(recipe.seed, folder.metadata().int_at("seed"));
  if (const Json::Array* settings = folder.metadata()["settings"].as_array())
    for (const Json& setting : *settings)
      if (const std::string* text = setting.as_string()) recipe.settings.push_back(*text);
  return recipe;
}

std::string world_file(const TableInfo& info) {
  return (info.role == TableRole::kTruth ? "truth/" : "") + info.name +
         (info.comma_text ? ".csv" : ".parquet");
}

}  // namespace crossfade
