// What a run came to: the report for people, the provenance for whoever asks later how a number was
// made.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crossfade/pipeline/run.h"
#include "crossfade/pipeline/stage_plan.h"

namespace crossfade {

struct StageFacts {
  StagePlan::State state = StagePlan::State::kMake;
  std::string why;
  StageEntry entry;  // in a dry run only of cached stages
};

struct RunFacts {
  std::vector<StageFacts> stages;  // one per stage of the recipe
  std::string isa, blas_core;
  std::map<std::string, Content> inputs;  // by path
  std::int64_t started_ns = 0, finished_ns = 0;
  int threads = 0;

  // What bytes may depend on besides seed and data.
  std::string processor() const { return isa + ", " + blas_core; }
};

// report.html, report.txt, report.md, report.json and provenance.json in `folder`. Times stand in
// these alone.
Status write_run_report(const Recipe& recipe, const RunFacts& facts, const std::string& folder);

// For the terminal: a row per stage, then the results of the stages that only say something.
Result<RunOutcome> run_outcome(const Recipe& recipe, const RunFacts& facts);
// The same for a dry run.
RunOutcome plan_outcome(const Recipe& recipe, const RunFacts& facts);

}  // namespace crossfade
