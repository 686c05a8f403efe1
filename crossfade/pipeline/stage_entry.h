// StageEntry: what is known of a stage's output: made from what, holding what, saying what.
//
// It lies in the run's folder as .crossfade/stage-NAME.json and is written after the output has its
// name, in one step. So an output without an entry is a leftover of a stopped run, and an entry
// whose key is not that of the recipe tells what has changed since.
#pragma once

#include <string>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/pipeline/content.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct StageEntry {
  Json key;  // all that decides the output's bytes (make_key() in stage_plan.cc); an object
  Content output;
  Json document, page;  // archived (report/archive.h)
  Json json;
  double seconds = 0;
  std::int64_t made_at_ns = 0;  // when it was complete, since 1970

  std::string fingerprint() const { return output.fingerprint(); }
};

Status write_entry(const std::string& path, const StageEntry& entry);
// Errors: none there (failed), damaged (data invalid).
Result<StageEntry> read_entry(const std::string& path);

// What tells two keys apart, in half a sentence: "factors was 64 and is 32", "another input data";
// empty if they are equal.
std::string find_difference(const Json& before, const Json& now);

}  // namespace crossfade
