// Makes a stage's key and holds it against the entry that is there.
#include "crossfade/pipeline/stage_plan.h"

#include <filesystem>
#include <set>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace fs = std::filesystem;
namespace {

// Everything but where things lie: two runs in two folders have the same keys.
Result<Json> make_key(const RecipeStage& stage, const Inputs& inputs,
                      const std::string& processor) {
  Json keys = Json::object(), list = Json::array();
  for (const StageKey& key : stage.kind->keys)
    if (!key.is_input && !key.is_free) keys.set(key.name, stage.values[key.name]);
  for (const StageInput& input : stage.inputs) {
    CROSSFADE_ASSIGN_OR_RETURN(const Content content, inputs.content(input));
    // The name too: it decides how a file is read, and what a list is called.
    Json entry = Json::object()
                     .set("key", input.key)
                     .set("name", fs::path(input.text).filename().string())
                     .set("sha256", content.fingerprint());
    if (!input.beside.empty()) entry.set("beside", inputs.beside(input));
    list.push(std::move(entry));
  }
  Json key = Json::object();
  key.set("kind", stage.kind->name)
      .set("version", stage.kind->version)
      .set("engine", CROSSFADE_VERSION);
  if (stage.kind->depends_on_processor) key.set("processor", processor);
  key.set("keys", std::move(keys)).set("knobs", stage.knobs).set("inputs", std::move(list));
  return key;
}

}  // namespace

Status Inputs::read(Context& context) {
  const std::map<std::string, Content> before = folder_.read_inputs();
  for (const RecipeStage& stage : recipe_.stages)
    for (const StageInput& input : stage.inputs) {
      if (input.stage >= 0) continue;
      const std::string file = path(input);
      CROSSFADE_RETURN_IF_ERROR(read_beside(input, before, context));
      if (outside_.count(file)) continue;
      if (is_remote(file)) {
        // Its bytes are somewhere else: address, size and time stand for them.
        const auto listed = list_remote(file);
        if (!listed.ok()) return listed.status().at(input.where);
        outside_[file].files.push_back({file, 0, 0, 0, state_of(*listed)});
        continue;
      }
      const auto known = before.find(file);
      auto content =
          read_content(file, known == before.end() ? Content() : known->second, context.threads);
      if (!content.ok() && !path_exists(file)) return missing(input);
      if (!content.ok()) return content.status().at(input.where);
      if (content->files.empty())
        return usage_error(input.where + ": the folder " + file + " is empty");
      outside_[file] = *std::move(content);
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    }
  return ok_status();
}

std::string Inputs::path_beside(const StageInput& input) const {
  return (fs::path(path(input)).parent_path() / input.beside).string();
}

Status Inputs::read_beside(const StageInput& input, const std::map<std::string, Content>& before,
                           Context& context) {
  const std::string file = path_beside(input);
  if (input.beside.empty() || is_remote(file) || !path_exists(file)) return ok_status();
  const auto known = before.find(file);
  auto content =
      read_content(file, known == before.end() ? Content() : known->second, context.threads);
  if (!content.ok()) return content.status().at(input.where);
  outside_[file] = *std::move(content);
  return ok_status();
}

std::string Inputs::beside(const StageInput& input) const {
  if (input.stage < 0) {
    const auto found = outside_.find(path_beside(input));
    return found == outside_.end() ? "" : found->second.fingerprint();
  }
  const std::string inner = (fs::path(input.inner).parent_path() / input.beside).string();
  const Content part = made_[static_cast<std::size_t>(input.stage)].inside(inner);
  return input.inner.empty() || part.files.empty() ? "" : part.fingerprint();
}

Status Inputs::missing(const StageInput& input) const {
  std::vector<std::string> names;
  for (const RecipeStage& stage : recipe_.stages) names.push_back(stage.name);
  const std::string first = input.text.substr(0, input.text.find('/'));
  return unknown_name("stage", first, names)
      .at(input.where + ": there is no file " + path(input) + ", and");
}

std::string Inputs::path(const StageInput& input) const {
  if (input.stage >= 0) {
    const std::string whole =
        folder_.output_path(recipe_.stages[static_cast<std::size_t>(input.stage)]);
    return input.inner.empty() ? whole : whole + "/" + input.inner;
  }
  if (is_remote(input.text) || data_.empty() || fs::path(input.text).is_absolute())
    return input.text;
  return data_ + "/" + input.text;
}

Result<Content> Inputs::content(const StageInput& input) const {
  if (input.stage < 0) return outside_.at(path(input));
  const auto maker = static_cast<std::size_t>(input.stage);
  Content part = made_[maker].inside(input.inner);
  if (!part.files.empty()) return part;
  std::set<std::string> parts;
  for (const FileContent& file : made_[maker].files)
    parts.insert(file.name.substr(0, file.name.find('/')));
  return usage_error(input.where + ": the output of " + recipe_.stages[maker].name + " has no " +
                     input.inner + "; it has: " + join({parts.begin(), parts.end()}, ", "));
}

Result<StagePlan> plan_stage(const RecipeStage& stage, const Inputs& inputs,
                             const RunFolder& folder, const PlanOptions& options,
                             Context& context) {
  StagePlan plan;
  for (const StageInput& input : stage.inputs)
    if (input.stage >= 0 && !inputs.is_made(static_cast<std::size_t>(input.stage))) {
      plan.state = StagePlan::State::kDepends;
      plan.why = "if " + input.text + " changes";
      return plan;
    }
  CROSSFADE_ASSIGN_OR_RETURN(plan.key, make_key(stage, inputs, options.processor));
  auto entry = read_entry(folder.entry_path(stage));
  if (!entry.ok() && entry.status().kind() == StatusKind::kDataInvalid) {
    plan.why = "what was known of it is damaged";
    return plan;
  }
  if (!entry.ok()) {
    plan.why =
        path_exists(folder.output_path(stage)) ? "it was not finished" : "it is not there yet";
    return plan;
  }
  plan.why = find_difference(entry->key, plan.key);
  if (plan.why.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(plan.why, find_damage(folder.output_path(stage), entry->output,
                                                     options.trust, context.threads));
    if (!plan.why.empty()) plan.why = "it is damaged: " + plan.why;
  }
  if (options.forced && plan.why.empty()) plan.why = "asked for by --from";
  if (!plan.why.empty()) return plan;
  plan.state = StagePlan::State::kCached;
  plan.entry = *std::move(entry);
  return plan;
}

}  // namespace crossfade
