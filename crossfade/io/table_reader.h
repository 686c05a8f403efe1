// Reads a table from whatever kind of file it is in.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/read_report.h"

namespace crossfade {

// Which columns of a file are read: all for {}, else the required ones, then those of the optional
// ones that are there.
struct WantedColumns {
  std::vector<std::string> required, optional;
};

// Parquet by its first bytes or by the extension .parquet or .pq; .csv, .tsv and .jsonl (or
// .ndjson, .json) by their extension, with .gz, .zst, .bz2 or .lz4 behind it where they are packed.
// `path` may be an address on S3. Errors: another kind of file (data invalid), and those of
// parquet_reader.h, csv_reader.h, table_stream.h (JSON lines) and remote_file.h.
Result<Table> read_table(const std::string& path, const WantedColumns& wanted, Context& context,
                         ReadReport* report = nullptr);

}  // namespace crossfade
