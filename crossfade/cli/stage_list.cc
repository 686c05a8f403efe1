// The one list of stages. A stage runs its command with a fresh object, the keys of its section
// bound to the command's own fields, and keeps what the command would have printed.
#include "crossfade/cli/stage_list.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/named_progress.h"
#include "crossfade/cli/remote_paths.h"
#include "crossfade/cli/stage_arguments.h"
#include "crossfade/models/trainer.h"
#include "crossfade/synth/world.h"

namespace crossfade {
namespace {

using KnobsOf = Result<std::vector<KnobInfo>> (*)(const Json& values);

// What a command does not say of itself.
struct StageEntryOfCommand {
  std::string command;  // its name; the kind's name is its first word
  int version;
  StageOutput output;
  std::vector<std::string> inputs;  // keys that name files
  std::string named_by = "", grows = "";
  bool depends_on_processor = false;
  KnobsOf knobs = nullptr;
};

std::string text_at(const Json& values, const std::string& key) {
  const std::string* text = values[key].as_string();
  return text ? *text : "";
}

Result<std::vector<KnobInfo>> model_knobs(const Json& values) {
  CROSSFADE_ASSIGN_OR_RETURN(TrainerEntry trainer, find_trainer(text_at(values, "model")));
  return std::move(trainer.knobs);
}

Result<std::vector<KnobInfo>> world_knobs(const Json& values) {
  CROSSFADE_ASSIGN_OR_RETURN(WorldEntry world, find_world(text_at(values, "world")));
  return std::move(world.knobs);
}

std::vector<StageEntryOfCommand> stage_entries() {
  using enum StageOutput;
  return {
      {"synth", 1, kFolder, {}, "world", "", false, &world_knobs},
      {"oracle", 1, kParquet, {"world", "data"}},
      {"import", 2, kFolder, {"log", "into", "items", "names", "vectors", "users"}, "", "into"},
      {"attach", 1, kFolder, {"store", "items", "names", "vectors", "users"}, "", "store"},
      {"compact", 1, kFolder, {"store"}, "", "store"},
      {"describe", 1, kResult, {"store", "against"}},
      {"filter", 1, kFolder, {"store"}},
      {"export",
       3,
       kFolder,
       {"store", "tracks", "names", "model", "similar", "test"},
       "",
       "",
       true},
      {"split", 1, kFolder, {"store", "given"}},
      {"train", 2, kFolder, {"data", "settings"}, "model", "", true, &model_knobs},
      {"tune", 2, kFolder, {"data"}, "model", "", true, &model_knobs},
      {"recommend", 2, kParquet, {"model", "data", "history", "only-users-of"}, "", "", true},
      {"blend", 1, kParquet, {"recs", "fallback"}},
      {"combine", 1, kFolder, {"models", "fallback"}},
      {"evaluate", 1, kResult, {"recs", "truth", "train"}},
      {"bundle create", 3, kFolder, {"data", "model", "lists", "catalog", "flows", "botify"}},
  };
}

std::unique_ptr<Command> make_command(const std::string& name) {
  for (auto& command : all_commands())
    if (command->name() == name) return std::move(command);
  return nullptr;
}

// Keys that a recipe has no use for: where outputs and pages go is the run's to say.
bool is_hidden(const StageEntryOfCommand& entry, const std::string& key) {
  return key == "out" || key == "html" || (key == "set" && entry.knobs);
}

Result<StageResult> run_command(const StageEntryOfCommand& entry, const StageCall& call,
                                Context& context) {
  const std::unique_ptr<Command> command = make_command(entry.command);
  StageArguments arguments;
  command->declare(arguments);
  Json values = call.values;
  const bool grows = !entry.grows.empty() && !text_at(values, entry.grows).empty();
  if (entry.output != StageOutput::kResult && !grows) values.set("out", call.out);
  arguments.fill(values);
  CROSSFADE_ASSIGN_OR_RETURN(PathNames names, fetch_remote_inputs(*command, context));
  const PathNames addresses = names;
  names.insert(names.end(), call.names.begin(), call.names.end());
  KeptResult kept;
  NamedProgress progress(context.progress, addresses);
  Context named_context{context.threads, progress, context.stop};
  Session session{named_context, false, &kept, nullptr, &names};
  if (const Status status = command->run(session); !status.ok())
    return Status(status.kind(), with_names(status.message(), addresses));
  return StageResult{named(kept.document, addresses), named(kept.page, addresses),
                     with_names(kept.json, addresses)};
}

StageKind make_kind(const StageEntryOfCommand& entry) {
  const std::unique_ptr<Command> command = make_command(entry.command);
  CROSSFADE_CHECK(command, "the list of stages names a command: " + entry.command);
  StageArguments arguments;
  command->declare(arguments);
  StageKind kind;
  kind.name = entry.command.substr(0, entry.command.find(' '));
  kind.summary = command->summary();
  kind.version = entry.version;
  kind.output = entry.output;
  kind.named_by = entry.named_by;
  kind.grows = entry.grows;
  kind.depends_on_processor = entry.depends_on_processor;
  kind.knobs = entry.knobs;
  for (StageKey key : arguments.keys()) {
    if (is_hidden(entry, key.name)) continue;
    key.is_input = std::count(entry.inputs.begin(), entry.inputs.end(), key.name) > 0;
    key.is_free = key.name == "memory";
    // A split says beside its parts by what protocol they are judged (split_beside.h).
    if (key.name == "truth") key.beside = "manifest.json";
    kind.keys.push_back(std::move(key));
  }
  kind.run = [entry](const StageCall& call, Context& context) {
    return run_command(entry, call, context);
  };
  return kind;
}

}  // namespace

std::vector<StageKind> all_stage_kinds() {
  std::vector<StageKind> kinds;
  for (const StageEntryOfCommand& entry : stage_entries()) kinds.push_back(make_kind(entry));
  return kinds;
}

}  // namespace crossfade
