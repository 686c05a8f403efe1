// Recommendations with one row per user, the shape in which contests take them: user_id, and
// item_id as the list of the user's items, best first.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/table.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// As Parquet; a user for whom there is nothing has an empty list. Written in blocks of about a
// million items. Errors: those of ParquetWriter.
Status write_candidate_lists(const Candidates& candidates, const Vocabulary& users,
                             const Vocabulary& items, const std::string& path, Context& context);

// A table whose item_id holds lists, with a row per item instead: user_id, item_id, and rank, from
// 1 in each list; its other columns are dropped. So is one whose item_id are texts with spaces
// between ids (submission_csv.h), if it has neither rank nor score and no user stands there twice.
// Any other table as it is. Errors (data invalid): a user with two lists.
Result<Table> rows_of_lists(Table table);

}  // namespace crossfade
