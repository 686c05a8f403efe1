// log_columns: a Table read from a file becomes a log, by a LogSchema.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/clean.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/table.h"
#include "crossfade/io/schema.h"

namespace crossfade {

// The columns that a schema names, in the order user, item, time, weight, kind, session.
std::vector<std::string> columns_of(const LogSchema& schema);

// Takes the table over; values that already have their type (int64 and text ids, timestamps,
// float weights) are moved, not copied.
//
// - Ids are integers or text. Numbers with a fraction part of 0 count as integers, because tools
//   turn integers with gaps into those.
// - Times are timestamps, or numbers in the schema's unit; kAuto takes the unit in which all of
//   them lie between 1990 and 2100, says so in a note, and is an error if there is none.
// - Weights are numbers. Kinds are integers 0 to 255, or text, whose distinct values are numbered
//   in sorted order (a note says how). Sessions are integers, or text, numbered in sorted order.
//
// Missing users, items, times and weights are marked for clean_log(); a missing kind or session
// becomes 0 and a note counts them. Errors (data invalid) name the column, and the row if one value
// is at fault (rows count from 0). `report` gains notes only.
struct MarkedLog {
  LogColumns columns;
  LogNulls nulls;
};
Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, Context& context,
                                 ImportReport& report);

}  // namespace crossfade
