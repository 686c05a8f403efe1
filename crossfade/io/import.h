// import_log: a file becomes a clean log, and a report of all that was seen and done on the way.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"
#include "crossfade/io/schema.h"

namespace crossfade {

struct ImportOptions {
  bool strict = false;           // an error where a row would be dropped
  bool drop_duplicates = false;  // keep the first of rows equal in all columns but the session
  PathNames names;               // what the report says instead of paths
};

struct ImportedLog {
  LogColumns columns;
  ImportReport report;
};

// Reads the columns that the schema names (table_reader.h), gives them their meaning
// (log_columns.h) and drops bad rows (data/clean.h). The report has the counts, and notes on page
// checksums, the time range, a guessed unit, and repeated rows, which are counted always and kept
// unless the options say otherwise. Errors: those of the three, with the file's name in front; with
// `strict` also any row dropped (data invalid, with the first examples).
Result<ImportedLog> import_log(const std::string& path, const LogSchema& schema,
                               const ImportOptions& options, Context& context);

}  // namespace crossfade
