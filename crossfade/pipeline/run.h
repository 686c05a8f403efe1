// run_recipe(): makes what a recipe asks for and is not there yet.
//
// A stage is made again only if what decides its bytes has changed: its kind and version, its keys
// and knobs (defaults included), the contents of its inputs, the engine's version, and the
// processor where bytes depend on it. Contents, not times and not the keys of the makers: a stage
// that was made again and came out the same makes nobody else run.
//
// Stopped at any point, also by kill -9 or a full disk, the next run goes on where this one was:
// stages that were complete are kept, the one that was not is made anew.
#pragma once

#include <string>

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/pipeline/recipe.h"

namespace crossfade {

struct RunRequest {
  std::string data;      // the folder that relative inputs are below; empty: the current one
  std::string out;       // the run's folder (run_folder.h)
  PathNames names = {};  // what provenance says instead of paths of the data
  std::string from;      // a stage that is made anew, with all that take its output; or empty
  bool dry_run = false;  // say what would be made and why; touch nothing
  bool verify = false;   // read all outputs again before they are taken for whole
};

struct RunOutcome {
  Document document{""};  // a row per stage, then the results
  Json json;
};

// Errors: those of RunFolder::open; an input that is not there, checked for all stages before the
// first runs (usage, names the nearest stage); those of the stages, with the stage's name in front;
// interrupted.
Result<RunOutcome> run_recipe(const Recipe& recipe, const RunRequest& request, const Clock& clock,
                              Context& context);

}  // namespace crossfade
