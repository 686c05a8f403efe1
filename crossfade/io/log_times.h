// log_times: a column of times, in whatever unit it was written, as nanoseconds since 1970.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/table.h"
#include "crossfade/io/schema.h"

namespace crossfade {

// Takes the column's values; timestamps are moved. Numbers are multiplied by the unit (floats are
// rounded to the nanosecond; what 64 bits cannot hold becomes the nearest end); NaN is marked in
// the column's nulls. kAuto takes the one unit in which all values lie between the years 1990 and
// 2100 and notes it in the report. Errors (data invalid): text, or no such unit.
Result<std::vector<std::int64_t>> take_times(Column& column, TimeUnit unit, ImportReport& report);

// The same for a log that comes in parts: `settled` is the unit that an earlier part decided, and
// is set by the first that has a value. Further errors: a value that is no time in the unit but
// would be one in another, so that the log mixes units. Rows are counted from `first_row`.
Result<std::vector<std::int64_t>> take_times(Column& column, TimeUnit unit, TimeUnit& settled,
                                             std::int64_t first_row, ImportReport& report);

// "2020-01-31 13:45:00", UTC, cut to the second.
std::string time_text(std::int64_t time_ns);

}  // namespace crossfade
