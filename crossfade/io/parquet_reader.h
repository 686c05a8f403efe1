// Reads a Parquet file into a Table.
//
// One task per row group and column decodes on the caller's ThreadPool into vectors of the final
// size; the result does not depend on the number of threads. Page checksums are verified where the
// file has them; where it has none a flipped bit can change a value unseen, and the report says so.
// Nothing a file says is believed before it is checked against the rest of the file: a damaged one
// is an error, never a crash, an endless loop or a wild allocation.
//
// Types: every integer (8 to 32 bits -> int32, uint32 and 64 bits -> int64), float, double, bool
// (-> int32), strings and binary, plain or dictionary-encoded, dates and timestamps of every unit
// (-> int64 nanoseconds; one beyond the years 1677 to 2262 is set to the nearest end, counted, and
// noted in the report). Lists of integers -> lists of int64, of floats and doubles -> of float
// (rounded), of text -> of text. Nulls are marked in Column::nulls. A null inside a list is left
// out, counted and noted; in a list of floats it is a NaN.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/read_report.h"

namespace crossfade {

// Reads the named columns, in this order; all for {}. Errors name the file and the row group or
// column: see parquet_file.h and parquet_chunk.h; exhausted if the columns would not fit the
// machine's memory.
Result<Table> read_parquet(const std::string& path, const std::vector<std::string>& columns,
                           Context& context, ReadReport* report = nullptr);

}  // namespace crossfade
