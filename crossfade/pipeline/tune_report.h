// What a search found, as a Document and as JSON. Without times: the same search says the same.
#pragma once

#include <string>
#include <vector>

#include "crossfade/pipeline/search_space.h"
#include "crossfade/pipeline/try_journal.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct TuneFacts {
  std::string model, metric;
  std::int64_t num_users = 0;  // of the validation part
  const SearchSpace& space;
  std::vector<Try> tries;  // the first is the defaults
  std::vector<std::string> best_settings;
  PairedComparison against_defaults;  // best minus defaults, on the validation users
};

// The best, its distance to the defaults, a table of all tries, how the best grew, and what each
// knob did.
Document tune_document(const TuneFacts& facts);
Json tune_json(const TuneFacts& facts);

}  // namespace crossfade
