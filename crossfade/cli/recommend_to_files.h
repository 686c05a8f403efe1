// recommend --history: whom files name, answered by saved models, without a store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/cli/command.h"
#include "crossfade/cli/schema_arguments.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// How lists are written: "rows" (candidates_io.h), "submission" (candidate_lists.h) or "csv"
// (submission_csv.h).
struct ListFormat {
  std::string name = "rows";

  Status check() const;  // usage error that names the formats
  // What files of a domain are called where there are several.
  std::string file_of(const std::string& domain) const;
  Status write(const Candidates& candidates, const Vocabulary& users, const Vocabulary& items,
               const std::string& path, Context& context) const;
};

struct RecommendToFiles {
  std::vector<std::string> models, history, filters;
  std::string users_of, out;
  SchemaChoice schema;
  ListFormat format;
  std::int64_t k = 10, cold_events = 0;
  bool keep_seen = false;
};

// A list for every user of the histories, or of the file `users_of`, in one file per domain that
// the models recommend from: `out`, or a folder of that name if there are several. Prints how many
// users are warm and cold, and what of the histories the models do not know. Errors: those of
// open_saved_models() and pipeline/history_files.h.
Status recommend_to_files(const RecommendToFiles& asked, const Session& session);

}  // namespace crossfade
