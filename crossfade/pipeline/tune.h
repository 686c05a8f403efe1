// tune(): searches a model's knobs by the validation part of a split, and says what came of it.
//
//   OUT/best.settings      lines that `train --settings` takes
//   OUT/tries.jsonl        every try, one JSON object per line
//   OUT/report.{html,md}   table and plots of the tries; the defaults against the best
//   OUT/search.json        which search it is: model, metric, seed, ranges, data, engine
//   OUT/model/             the best, trained on train and validation together, if asked for
//
// While it works, the tries are in OUT.tuning/; stopped at any point, the same command goes on
// there, and the outputs are the same bytes as without the stop. A finished search that OUT holds
// goes on too if a larger budget is asked for: the next try depends on the tries so far and on
// nothing else, so the bytes are those of a search that was given the larger budget at once.
#pragma once

#include <string>

#include "crossfade/pipeline/tries.h"
#include "crossfade/pipeline/validation.h"

namespace crossfade {

struct TuneRequest {
  ValidationRequest validation;     // its seed is that of everything
  std::vector<std::string> fixed;   // "factors=64": knobs that are not searched
  std::vector<std::string> ranges;  // "kind_1=0.1..30": knobs that are searched there
  TriesBudget budget;
  std::string out;  // a new folder, or one that holds this very search with fewer tries
  bool refit = false;
};

struct TuneOutcome {
  Document document{""};
  Json json;
};

// Errors: OUT exists and is no search, or another one, or one with as many tries; nothing to search
// (all usage); a damaged OUT (data invalid); those of Validation::open and make_tries.
Result<TuneOutcome> tune(const TuneRequest& request, const Clock& clock, Context& context);

}  // namespace crossfade
