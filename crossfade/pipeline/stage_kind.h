// StageKind: one sort of work that a recipe can ask for ("train"), as the pipeline sees it.
//
// The pipeline knows order, caching and resuming; what a stage does comes in through this door. The
// command line hands its own commands in (cli/stage_list.h), so that a stage and the command of the
// same name are one and the same work, with the same words for it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/base/knobs.h"
#include "crossfade/base/path_names.h"
#include "crossfade/report/document.h"

namespace crossfade {

// A key that a section of this kind may have.
struct StageKey {
  enum class Type { kText, kTexts, kInteger, kFlag };

  std::string name;  // "truth"
  Type type = Type::kText;
  bool required = false;
  bool is_input = false;  // its text names a stage's output, or a file of the data
  bool is_free = false;   // decides no byte of the output: memory, for example
  std::string beside;     // of an input: a file beside it that is read too if it is there, or empty
  Json value;             // the default
  std::string help;
};

// What a stage leaves under the run's folder.
enum class StageOutput {
  kFolder,   // NAME/
  kParquet,  // NAME.parquet
  kResult    // NAME.json: the answer itself
};

struct StageCall {
  // Every key with a value (inputs as paths), and "set": the knobs as settings.
  Json values;
  std::string out;  // where the output goes; nothing is there. Written whole or not at all
  PathNames names;  // what to write into outputs instead of paths
};

struct StageResult {
  Document document{""};  // for people: what a terminal shows
  Document page{""};      // with all that a report shows; the same if there is no more
  Json json;              // for machines: the same numbers
};

struct StageKind {
  std::string name, summary;
  int version = 1;  // raised when the same keys and inputs come to mean another output
  StageOutput output = StageOutput::kFolder;
  std::vector<StageKey> keys;
  // True if bytes depend on the instruction set and the BLAS core.
  bool depends_on_processor = false;
  // The key that is the stage's own name where a section does not give it ("model"), or empty.
  std::string named_by;
  // The input that the stage changes in place ("into"), or empty: it is given a copy of that one.
  std::string grows;
  // The knobs that a section with these values may set besides its keys; null if there are none.
  std::function<Result<std::vector<KnobInfo>>(const Json& values)> knobs;
  std::function<Result<StageResult>(const StageCall& call, Context& context)> run;

  const StageKey* find(const std::string& key) const;
  // "als-lists" -> "als-lists.parquet".
  std::string output_name(const std::string& stage) const;
};

}  // namespace crossfade
