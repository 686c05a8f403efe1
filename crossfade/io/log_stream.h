// LogStream: a log of any size as blocks of clean rows.
//
// A log may be one file, several, a folder, a glob or Hive partitions (log_inputs.h), Parquet, CSV,
// TSV or JSON lines, packed or not (table_stream.h); a LogSchema says what its columns mean. Blocks
// of about a million rows come in the order of the files and their rows. Memory is bounded by
// two blocks, as Parquet is read ahead on threads that have nothing else to do, whatever the files
// hold. The same inputs give the same rows for any number of threads.
//
// A partition's key (`day=2023-01-15/`) is a column like others, where the file has none of that
// name: usable as time, kind or anything else.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"
#include "crossfade/io/log_columns.h"
#include "crossfade/io/log_inputs.h"
#include "crossfade/io/schema.h"

namespace crossfade {

struct LogStreamOptions {
  std::int64_t block_rows = 1 << 20;    // about; text comes in blocks of some megabytes
  bool allow_repeated_files = false;    // else the same file twice is an error
  std::vector<std::string> kinds = {};  // of an earlier import: texts keep the numbers they had
};

// How far a stream has come, and all that earlier rows decide for later ones.
struct LogPosition {
  std::int64_t file = 0, row = 0;  // the next row: its file, and its number there
  LogState state;
  // Of the rows kept so far; first > last if there are none.
  std::int64_t first_time_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_time_ns = std::numeric_limits<std::int64_t>::min();
  // Of the Parquet files read so far.
  std::int64_t pages = 0, pages_with_checksum = 0;

  bool operator==(const LogPosition&) const = default;
};

Json to_json(const LogPosition& position);
// Errors: a member that is missing or of another type (data invalid).
Result<LogPosition> log_position_from_json(const Json& json);

class LogStream {
 public:
  // Finds the files, and looks into those that say beforehand what they hold (Parquet): do they
  // have the columns, and of the same types? Errors: those of list_inputs(); data invalid, naming
  // the files: a column that one lacks, or that is another thing in each (ids of two types, times
  // here and numbers there).
  static Result<LogStream> open(const std::vector<std::string>& inputs, const LogSchema& schema,
                                const LogStreamOptions& options, Context& context);
  ~LogStream();
  LogStream(LogStream&&) noexcept;
  LogStream& operator=(LogStream&&) noexcept;

  // Path, size, time and content of each file: what a journal has to compare before it goes on.
  const std::vector<LogInput>& inputs() const;
  // "log.parquet", or "day-1.parquet and 8 more files".
  std::string source() const;
  // The rows of all files where all say it (Parquet).
  std::optional<std::int64_t> total_rows() const;

  // The next rows that are kept, at least one, or nothing at the end. `report` gains rows_read,
  // rows_kept, what was dropped and why, and notes; those about the whole log (checksums, kinds,
  // the range of times) at the end. Errors (data invalid) name file, row and row group: a damaged
  // file, a value that cannot be what the schema says, a file that does not fit those before it.
  Result<std::optional<LogColumns>> next(ImportReport& report, Context& context);
  // Takes over columns that are no longer needed: their memory may hold later blocks.
  void reuse(LogColumns spent);

  // Before the row that the next block begins with.
  const LogPosition& position() const;
  // Goes on from a position that a stream of the same inputs had. Parquet is entered at its row
  // group; text is read again up to the row.
  Status seek(const LogPosition& position, Context& context);

 private:
  struct State;
  explicit LogStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
