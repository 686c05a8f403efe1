// arrow_column: an Arrow column in pieces becomes a Column in one.
#pragma once

#include <string>

#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/read_report.h"

namespace arrow {
class ChunkedArray;
}

namespace crossfade {

// Copies once. Types: int64, double, bool (-> int32), text and binary, dates and timestamps of
// every unit (-> nanoseconds; what does not fit is set to the nearest end and counted in
// `clamped_times`), and a column of nulls only (-> double). Others are data invalid.
Result<Column> to_column(const std::string& name, const arrow::ChunkedArray& pieces,
                         std::int64_t& clamped_times);

// The sentence for a report about times that were clamped, for every reader the same.
std::string clamped_note(const std::string& column, std::int64_t count);

}  // namespace crossfade
