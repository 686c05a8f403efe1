// tune(): searches a model's knobs by the validation part of a split, and says what came of it.
//
//   OUT/best.settings      lines that `train --settings` takes
//   OUT/tries.jsonl        every try, one JSON object per line
//   OUT/report.{html,md}   table and plots of the tries; the defaults against the best
//   OUT/model/             the best, trained on train and validation together, if asked for
//
// While it works, the tries are in OUT.part-tune/; stopped at any point, the same command goes on
// there, and the outputs are the same bytes as without the stop.
#pragma once

#include <string>

#include "crossfade/pipeline/tries.h"
#include "crossfade/pipeline/validation.h"

namespace crossfade {

struct TuneRequest {
  ValidationRequest validation;    // its seed is that of everything
  std::vector<std::string> fixed;  // "factors=64": knobs that are not searched
  TriesBudget budget;
  std::string out;
  bool refit = false;
};

struct TuneOutcome {
  Document document{""};
  Json json;
};

// Errors: OUT exists, nothing to search (usage); those of Validation::open and make_tries.
Result<TuneOutcome> tune(const TuneRequest& request, const Clock& clock, Context& context);

}  // namespace crossfade
