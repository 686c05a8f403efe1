// parquet_chunk: decodes one column of one row group straight into its place in a Column.
//
// A page is decoded into the final vector wherever file and memory agree (ints, floats,
// timestamps); the others pass through one small block that stays in the cache. So values are
// written once.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/parquet_file.h"

namespace parquet {
class ColumnReader;
}

namespace crossfade {

struct ChunkResult {
  // 1 where the value is missing, one per row of the group; empty if none is.
  std::vector<std::uint8_t> nulls;
  // Times beyond what 64 bits of nanoseconds hold (years 1677 to 2262), set to the nearest end.
  std::int64_t clamped_times = 0;
};

// An empty Column of the type that this kind of value is read into. Numbers can also be read into a
// column of another type of number, which has to hold them: int32 into int64, all into float.
Column make_column(const ParquetColumn& column);

// Gives the column `rows` values; bad_alloc if there is no memory for them. Lists, which are as
// long as they are found to be (parquet_list_chunk.h), stay empty.
void resize_column(Column& column, std::int64_t rows);

// A chunk that is decoded some rows at a time; what has been read stays read. `file` has to outlive
// it.
class ChunkReader {
 public:
  static Result<ChunkReader> open(const ParquetFile& file, int row_group,
                                  const ParquetColumn& column);
  // The next `rows` rows; else as read_chunk(). The result's nulls are those of these rows.
  Result<ChunkResult> read(std::int64_t rows, std::int64_t first_row, Column& target,
                           const std::atomic<bool>& stop);

 private:
  ChunkReader(std::string place, ParquetColumn column,
              std::shared_ptr<parquet::ColumnReader> reader);
  std::string place_;
  ParquetColumn column_;
  std::shared_ptr<parquet::ColumnReader> reader_;
};

// Decodes the chunk into rows [first_row, first_row + rows of the group) of `target`, which has
// room for them; missing values become 0 or "". Safe from several threads for different chunks.
// Errors: a damaged page (data invalid), an unsigned value beyond 63 bits (data invalid), `stop`.
Result<ChunkResult> read_chunk(const ParquetFile& file, int row_group, const ParquetColumn& column,
                               std::int64_t first_row, Column& target,
                               const std::atomic<bool>& stop);

}  // namespace crossfade
