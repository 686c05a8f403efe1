// StagePlan: whether a stage has to be made, and why.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/pipeline/run_folder.h"

namespace crossfade {

struct StagePlan {
  enum class State { kCached, kMake, kDepends };  // kDepends: on a stage that has to be made first

  State state = State::kMake;
  std::string why;   // half a sentence; empty if cached
  Json key;          // all that decides the output's bytes; null if it depends
  StageEntry entry;  // if cached
};

// The inputs of a recipe, and what is known of the stages so far.
class Inputs {
 public:
  // `data` is the folder of relative paths.
  Inputs(const Recipe& recipe, const RunFolder& folder, std::string data)
      : recipe_(recipe), folder_(folder), data_(std::move(data)), made_(recipe.stages.size()) {}

  // Reads every input that no stage makes. Errors: one is not there (usage).
  Status read(Context& context);
  // The stage's output is this from now on.
  void set_made(std::size_t stage, Content content) { made_[stage] = std::move(content); }
  bool is_made(std::size_t stage) const { return !made_[stage].files.empty(); }

  // Where the input is, for whoever reads it.
  std::string path(const StageInput& input) const;
  // What it holds. Errors: its maker's output has no such part (usage, says what it has).
  Result<Content> content(const StageInput& input) const;
  // SHA-256 of the file that is read beside the input; empty if there is none.
  std::string beside(const StageInput& input) const;
  const std::map<std::string, Content>& outside() const { return outside_; }

 private:
  Status missing(const StageInput& input) const;
  Status read_beside(const StageInput& input, const std::map<std::string, Content>& before,
                     Context& context);
  std::string path_beside(const StageInput& input) const;

  const Recipe& recipe_;
  const RunFolder& folder_;
  std::string data_;
  std::vector<Content> made_;
  std::map<std::string, Content> outside_;  // by path
};

struct PlanOptions {
  bool forced = false;  // by --from
  bool trust = true;    // times of change
  std::string processor;
};

// For a stage whose makers are settled, or (in a dry run) are known to be made anew.
Result<StagePlan> plan_stage(const RecipeStage& stage, const Inputs& inputs,
                             const RunFolder& folder, const PlanOptions& options, Context& context);

}  // namespace crossfade
