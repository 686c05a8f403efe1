// Reads CSV and TSV files, plain or packed (text_file.h), into a Table.
//
// The first line has to name the columns. Types are inferred over the whole file: integers ->
// int64, numbers -> double, true/false -> int32, ISO 8601 dates and times -> timestamps, else text.
// Empty fields and the usual spellings of "missing" (NA, NaN, null, NULL, N/A, ...) are nulls
// unless they are quoted. Quoted fields may hold separators and line breaks.
//
// With more than one thread in the Context, Arrow parses blocks on its own pool of threads; the
// result is the same.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/read_report.h"

namespace crossfade {

// The names in the first line. Errors: missing or empty file, no header, a name that comes twice.
Result<std::vector<std::string>> list_csv_columns(const std::string& path);

// Reads the named columns, in this order; all for {}. Errors (data invalid) name the file, and the
// row where there is one (the header is row 1): a missing column, a line with another number of
// fields, a quote that is not closed, a damaged packing.
Result<Table> read_csv(const std::string& path, const std::vector<std::string>& columns,
                       Context& context, ReadReport* report = nullptr);

}  // namespace crossfade
