// RunFolder: where a run keeps what it made.
//
//   OUT/als, OUT/als-lists.parquet, OUT/quality.json    the stages' outputs, by name
//   OUT/report.{html,txt,md,json}, OUT/provenance.json        what the run came to
//   OUT/.crossfade/                                      what makes it resumable:
//     recipe.json    whose folder this is     stage-NAME.json  its entry (stage_entry.h)
//     inputs.json    hashes of the data       work/            outputs that grow out of others
//     begun-NAME      key of a stage being made  lock             held while a run works here
//
// Safe to kill at any point: an output takes its name in one step, its entry comes after it, and
// the next run removes what has no entry.
#pragma once

#include <map>
#include <string>

#include "crossfade/base/file.h"
#include "crossfade/pipeline/recipe.h"
#include "crossfade/pipeline/stage_entry.h"

namespace crossfade {

class RunFolder {
 public:
  // Takes the folder for this process, makes it if need be. Errors: it exists and no run made it,
  // or a run of another recipe did (usage); another run works here now (failed).
  static Result<RunFolder> open(const std::string& path, const std::string& recipe_name);
  // For --dry-run: the same checks, but nothing is made, taken or changed.
  static Result<RunFolder> look(const std::string& path, const std::string& recipe_name);

  std::string output_path(const RecipeStage& stage) const;
  std::string entry_path(const RecipeStage& stage) const;
  // Where a growing output is worked on; empty after clear().
  std::string work_path(const RecipeStage& stage) const;
  const std::string& path() const { return path_; }

  // Before the stage of this key is made: removes what stands under its name, entry first. What
  // a stopped program left beside (NAME.part-..) is kept if it was of the same key, so that
  // commands that can go on where they were (import, tune) do.
  Status begin(const RecipeStage& stage, const std::string& key_sha256) const;
  // After it: removes what stopped programs left beside the stage's output.
  Status remove_leftovers(const RecipeStage& stage) const;

  // Hashes of the data's files from earlier runs, by path; a missing or damaged file is empty.
  std::map<std::string, Content> read_inputs() const;
  Status write_inputs(const std::map<std::string, Content>& inputs) const;

 private:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}
  Status check(const std::string& recipe_name) const;
  std::string own(const std::string& name) const { return path_ + "/.crossfade/" + name; }

  std::string path_;
  std::vector<FileWriter> lock_;  // one, or none for look()
};

}  // namespace crossfade
