// TableStream: the rows of one file, some at a time, so that a file may be larger than memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/read_report.h"

namespace crossfade {

// A column to read, and what its numbers shall become on the way, so that they are written once.
struct WantedColumn {
  enum class As { kAsItIs, kInt64, kFloat, kText };
  std::string name;
  As as = As::kAsItIs;  // of integers: kInt64; of all numbers: kFloat; of CSV: kText. Others stay.
};

// The thread pool of the first next() has to outlive the stream, which may read ahead on it.
class TableStream {
 public:
  virtual ~TableStream() = default;

  // The names of all columns; of JSON lines those of the first lines, dotted for members of
  // members.
  virtual const std::vector<std::string>& names() const = 0;
  // Chooses the columns that next() gives, in this order. Once, before all that follows. Errors
  // (data invalid): a name that is not there (names the nearest), or of a type that is not read.
  virtual Status select(const std::vector<WantedColumn>& columns, Context& context) = 0;
  // The chosen columns without rows: their types.
  virtual const Table& layout() const = 0;
  // The next rows, in the order of the file, or nothing at its end.
  virtual Result<std::optional<Table>> next(Context& context) = 0;
  // Takes over values that are no longer needed: their memory may hold later rows.
  virtual void reuse(Column::Values) {}
  // Passes over the first `rows` rows; before next(). Errors: the file has fewer (data invalid).
  // Reads them, unless a stream knows better.
  virtual Status skip(std::int64_t rows, Context& context);
  // Known before reading only if the file says so (Parquet).
  virtual std::optional<std::int64_t> num_rows() const { return std::nullopt; }
  // "row group 3 (rows 300 to 399)" where the file has such places; else "".
  virtual std::string place_of(std::int64_t) const { return ""; }
  // Of what has been read so far.
  const ReadReport& report() const { return report_; }

 protected:
  ReadReport report_;
};

// The stream for a file, by its first bytes, else its name; one on S3 is copied first
// (remote_file.h). `block_rows` is about how many rows a table has; text gives blocks of some
// megabytes.
Result<std::unique_ptr<TableStream>> open_table_stream(const std::string& path,
                                                       std::int64_t block_rows, Context& context);
// The same for a service's log of plays (play_line.h). Columns: user, track, timestamp, time,
// message. Ids are texts if one of the first lines has one that is, or if that is wanted; a first
// one behind those is an error of next() (data invalid).
Result<std::unique_ptr<TableStream>> open_play_log(const std::string& path, bool text_ids,
                                                   Context& context);

// The streams themselves; see parquet_stream.cc, csv_stream.cc, json_stream.cc and
// play_log_stream.cc.
Result<std::unique_ptr<TableStream>> open_parquet_stream(const std::string& path,
                                                         std::int64_t block_rows);
Result<std::unique_ptr<TableStream>> open_csv_stream(const std::string& path);
Result<std::unique_ptr<TableStream>> open_json_stream(const std::string& path);
Result<std::unique_ptr<TableStream>> open_play_log_stream(const std::string& path, bool text_ids);

}  // namespace crossfade
