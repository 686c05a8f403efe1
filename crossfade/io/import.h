// import_log: a log of any size becomes a store, or a part of one, in bounded memory; and a report
// of all that was seen and done on the way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/base/status.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/store/store_import.h"
#include "crossfade/io/schema.h"

namespace crossfade {

struct ImportOptions {
  bool strict = false;                // an error where a row would be dropped
  bool drop_duplicates = false;       // keep the first of rows equal in all columns but the session
  bool allow_repeated_files = false;  // else a file that came before, also in an earlier import, is
                                      // an error
  std::int64_t session_gap_ns = 0;    // above 0: a longer pause begins a new session
  PathNames names;                    // what the report says instead of paths
  std::int64_t memory_bytes = 0;  // for rows (data/store/segment_builder.h); 0: half the machine's
  // Adds to a new store before it takes its name (StoreImport::finish()); its error leaves none.
  std::function<Status(const std::string& folder)> complete;
};

struct ImportOutcome {
  ImportReport report;
  std::int64_t users = 0;  // of the store, now
  std::int64_t items = 0;  // of the domain, now
};

// Reads the files (log_stream.h) in blocks, gives their columns the schema's meaning, drops bad
// rows, and hands the rest to the store (data/store/store_import.h). The report has the counts, and
// notes on page checksums, the time range, a guessed unit, rows that are older than the domain's,
// and repeated rows, which are counted always and kept unless the options say otherwise. The same
// command goes on where a killed one has left a checkpoint. Errors: those of the two; a log without
// a usable row (data invalid); with `strict` any row dropped (data invalid, with the first
// examples).
Result<ImportOutcome> import_log(const std::vector<std::string>& inputs, const LogSchema& schema,
                                 const ImportTarget& target, const ImportOptions& options,
                                 Context& context);

// "4GB", "512MiB", "2G" or a plain number of bytes. Errors (usage): anything else, and 0.
Result<std::int64_t> parse_bytes(const std::string& option, const std::string& text);

}  // namespace crossfade
