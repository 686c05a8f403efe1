// Cleaning: which rows of a log may become interactions. Every way in (files, generated worlds,
// Python) goes through here, so all drop the same rows and count them under the same names.
//
// A row is dropped, and counted under the first of these that is true of it:
//   "missing user id", "missing item id", "missing time", "missing kind",
//   "missing weight", "missing order"                                        null in the file
//   "user id is not UTF-8", "item id is not UTF-8"   a text id that no Parquet or JSON could hold
//   "weight is not a number", "negative weight"                              NaN, infinite; below 0
//   "order is not from 0 to 999,999,999"
//   "time before 1970 or after 2199"
// Weights of zero stay (seen, but not liked), and so do repeats. No log of ours is of the years
// before 1970: a negative time is a broken field or another unit.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"

namespace crossfade {

// 1 where the file has a null; an empty column has none.
struct LogNulls {
  std::vector<std::uint8_t> users, items, times, weights;
  // 1 where the caller wants the row left out: not counted among the dropped.
  std::vector<std::uint8_t> unwanted = {};
  std::vector<std::uint8_t> kinds = {};
  // Of the places that were added to times (io/log_columns.h).
  enum OrderFault : std::uint8_t { kMissing = 1, kOutOfRange = 2 };
  std::vector<std::uint8_t> orders = {};
};

// Where the rows of a part come from, for examples: "part-3.parquet, row 17". Without one, rows are
// counted from report.rows_read on.
struct RowOrigin {
  std::string file = "";
  std::int64_t first_row = 0;
  // A row's time as the file has it; without one, nanoseconds since 1970 are shown.
  std::function<std::string(std::size_t row, std::int64_t time_ns)> time_text = {};
};

// Removes the bad rows in place (nothing is copied when all are good) and adds to the report:
// rows_read, rows_kept, dropped. Examples count rows from report.rows_read on, so a log that comes
// in parts is numbered as one. Errors (data invalid): a column of another length.
Result<LogColumns> clean_log(LogColumns log, const LogNulls& nulls, ImportReport& report);

// The same on all threads, and examples that name their file.
Result<LogColumns> clean_log(LogColumns log, const LogNulls& nulls, const RowOrigin& origin,
                             ImportReport& report, ThreadPool& threads);

}  // namespace crossfade
