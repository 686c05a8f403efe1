// Recommendations and truth as files: external ids outside, indices inside.
//
// Recommendations are Parquet with the columns user_id, item_id (int64 or text, as the ids are),
// score (float), rank (int32, from 1 in each user's list) and source (text: which generator).
// Written in blocks of about a million rows, so memory does not grow with the number of lists.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/table.h"
#include "crossfade/data/vocabulary.h"
#include "crossfade/io/read_report.h"

namespace crossfade {

// Lists one after the other, best first. Errors: those of ParquetWriter.
Status write_candidates(const Candidates& candidates, const Vocabulary& users,
                        const Vocabulary& items, const std::string& path, Context& context);

// What evaluation needs of a recommendations file (evaluation/join.h groups, orders and checks the
// rows): user_id and item_id, and rank and score where the file has them. A file with a list of
// items per user comes as rows too (candidate_lists.h). Any file that table_reader.h reads; errors
// are those of read_table(), and a user with two lists.
Result<Table> read_recommendations(const std::string& path, Context& context,
                                   ReadReport* report = nullptr);

// What was held back: user_id and item_id, and weight, time and domain where the file has them.
Result<Table> read_truth(const std::string& path, Context& context, ReadReport* report = nullptr);

}  // namespace crossfade
