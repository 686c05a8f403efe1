// Checks whose folder it is before anything in it is touched.
#include "crossfade/pipeline/run_folder.h"

#include <filesystem>
#include <utility>

namespace crossfade {
namespace fs = std::filesystem;
namespace {

// What commands call their unfinished work: outputs that are staged; imports, searches and
// trainings with checkpoints.
bool is_part(const std::string& name, const std::string& output) {
  return name.starts_with(output + ".part-") || name == output + ".importing" ||
         name == output + ".tuning" || name == output + ".checkpoint";
}

Status remove_parts(const std::string& output) {
  const fs::path place(output);
  std::error_code error;
  std::vector<std::string> parts;
  for (fs::directory_iterator at(place.parent_path(), error), end; !error && at != end;
       at.increment(error))
    if (is_part(at->path().filename().string(), place.filename().string()))
      parts.push_back(at->path().string());
  for (const std::string& part : parts) CROSSFADE_RETURN_IF_ERROR(remove_tree(part));
  return ok_status();
}

}  // namespace

Status RunFolder::check(const std::string& recipe_name) const {
  if (!path_exists(path_)) return ok_status();
  if (!is_folder(path_))
    return usage_error(path_ + " is a file, and a run needs a folder; give another --out");
  const std::string identity = own("recipe.json");
  if (!path_exists(identity)) {
    std::error_code error;
    // An empty folder, and one that was killed before it had a name, are as good as none.
    for (const auto& entry : fs::directory_iterator(path_, error))
      if (entry.path().filename() != ".crossfade")
        return usage_error("the folder " + path_ +
                           " exists and no run made it; give another --out, or remove it first");
    return ok_status();
  }
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(identity));
  const auto json = parse_json(text);
  const auto name = json.ok() ? json->string_at("recipe") : Result<std::string>(json.status());
  if (!name.ok()) return name.status().at(identity);
  if (*name != recipe_name)
    return usage_error("the folder " + path_ + " holds a run of another recipe, " + *name +
                       ", and this one is " + recipe_name + "; give another --out");
  return ok_status();
}

Result<RunFolder> RunFolder::look(const std::string& path, const std::string& recipe_name) {
  RunFolder folder(path);
  while (folder.path_.size() > 1 && folder.path_.back() == '/') folder.path_.pop_back();
  CROSSFADE_RETURN_IF_ERROR(folder.check(recipe_name));
  return folder;
}

Result<RunFolder> RunFolder::open(const std::string& path, const std::string& recipe_name) {
  CROSSFADE_ASSIGN_OR_RETURN(RunFolder folder, look(path, recipe_name));
  CROSSFADE_RETURN_IF_ERROR(make_folder(folder.own("work")));
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter lock, FileWriter::create(folder.own("lock"), true));
  if (lock.lock().kind() == StatusKind::kFailed)
    return failed("another run works in " + folder.path_ +
                  " now; wait for it or stop it, or give another --out");
  folder.lock_.push_back(std::move(lock));
  CROSSFADE_RETURN_IF_ERROR(folder.check(recipe_name));  // as it is now that nobody changes it
  if (!path_exists(folder.own("recipe.json"))) {
    const Json identity = Json::object().set("recipe", recipe_name);
    CROSSFADE_RETURN_IF_ERROR(replace_file(folder.own("recipe.json"), to_text(identity) + "\n"));
  }
  return folder;
}

std::string RunFolder::output_path(const RecipeStage& stage) const {
  return path_ + "/" + stage.kind->output_name(stage.name);
}

std::string RunFolder::entry_path(const RecipeStage& stage) const {
  return own("stage-" + stage.name + ".json");
}

std::string RunFolder::work_path(const RecipeStage& stage) const {
  return own("work/" + stage.name);
}

Status RunFolder::begin(const RecipeStage& stage, const std::string& key_sha256) const {
  CROSSFADE_RETURN_IF_ERROR(remove_tree(entry_path(stage)));
  CROSSFADE_RETURN_IF_ERROR(remove_tree(output_path(stage)));
  const auto begun = read_file(own("begun-" + stage.name));
  if (begun.ok() && *begun == key_sha256) return remove_tree(work_path(stage));
  CROSSFADE_RETURN_IF_ERROR(remove_leftovers(stage));
  return replace_file(own("begun-" + stage.name), key_sha256);
}

Status RunFolder::remove_leftovers(const RecipeStage& stage) const {
  CROSSFADE_RETURN_IF_ERROR(remove_tree(own("begun-" + stage.name)));
  CROSSFADE_RETURN_IF_ERROR(remove_tree(work_path(stage)));
  CROSSFADE_RETURN_IF_ERROR(remove_parts(work_path(stage)));
  return remove_parts(output_path(stage));
}

std::map<std::string, Content> RunFolder::read_inputs() const {
  std::map<std::string, Content> inputs;
  const auto text = read_file(own("inputs.json"));
  const auto json = text.ok() ? parse_json(*text) : Result<Json>(text.status());
  if (json.ok() && json->is_object())
    for (const auto& [path, content] : *json->as_object())
      inputs[path] = content_from_json(content);
  return inputs;
}

Status RunFolder::write_inputs(const std::map<std::string, Content>& inputs) const {
  Json json = Json::object();
  for (const auto& [path, content] : inputs) json.set(path, to_json(content));
  return replace_file(own("inputs.json"), to_pretty_text(json));
}

}  // namespace crossfade
