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

// Takes the table over; values that already have their type (int64 and text ids, timestamps,
// float weights) are moved, not copied.
//
// - Ids are integers or text. Numbers with a fraction part of 0 count as integers, because tools
//   turn integers with gaps into those.
// - Times are timestamps, or numbers in the schema's unit; kAuto takes the unit in which all of
//   them lie between 1990 and 2100, says so in a note, and is an error if there is none.
// - Weights are numbers, or follow from the kind or from how long was listened (schema.h).
// - Kinds are integers 0 to 255, or text: its distinct values are numbered, those of
//   schema.kind_names first, then in sorted order (a note says how).
// - Sessions are integers, or text, of which a hash is taken.
// - Places in an order are integers; so many nanoseconds are added to the row's time, which has to
//   be one of whole seconds.
//
// Missing users, items, times, kinds, weights and places, and places that are not from 0 to
// kMostOrder (data/moments.h), are marked for clean_log(), and so are rows of kinds that the schema
// does not want; a missing session becomes kNoSession, and a note counts them. Errors (data
// invalid) name the column, and the row if one value is at fault (rows count from 0). `report`
// gains notes only.
struct MarkedLog {
  LogColumns columns;
  LogNulls nulls;
  Column times;  // as the file has them, for examples; without values where they are timestamps
};
Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, Context& context,
                                 ImportReport& report);

// What one part of a log decides for those behind it, and what is counted over all.
struct LogState {
  TimeUnit time_unit = TimeUnit::kAuto;  // as guessed
  std::vector<std::string> kinds;        // of text: by number
  std::int64_t missing_sessions = 0, unwanted = 0;
  bool ordered = false;  // a column has said the order of equal times

  bool operator==(const LogState&) const = default;
};

// The same for the next part of a log, whose first row is number `first_row`. New texts of kinds
// are numbered behind those known, sorted within their part.
Result<MarkedLog> to_log_columns(Table table, const LogSchema& schema, std::int64_t first_row,
                                 LogState& state, Context& context, ImportReport& report);
// The notes about the whole log, once it has been read.
void add_notes(const LogSchema& schema, const LogState& state, ImportReport& report);

}  // namespace crossfade
