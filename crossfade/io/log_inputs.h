// log_inputs: which files a log is made of.
//
// A log may be given as a file, several, a folder, a glob, or Hive partitions
// (`day=2023-01-15/part-0.parquet`): all become one list of files in an order that depends on names
// only, so that the same inputs are the same log on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"

namespace crossfade {

struct LogInput {
  std::string path;  // as an error names it
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;  // since 1970
  // SHA-256 over the size, the first and the last 64 KiB (of Parquet: the footer), in hex. Names
  // the content well enough to see that a file came twice or was changed; a file on the disk and
  // its copy on S3 have the same.
  std::string content;
  // key=value folders of the path, from the outside in.
  std::vector<std::pair<std::string, std::string>> partitions;

  bool operator==(const LogInput&) const = default;
};

// Files, and addresses on S3 (remote_file.h), in the order in which they are given; those of a
// folder or a glob sorted by their bytes, folders below included; data.json.2, the older part of a
// rotated log, before data.json.1 and data.json. In a folder, names that begin
// with '.' or '_' and files of unknown kinds are passed over. What lies on S3 is copied here, since
// its content is looked at. Errors: a path that is not there, a glob or folder without files
// (failed); the same file, or the same content, twice (data invalid, naming both) unless
// `allow_repeats`; those of local_copy().
Result<std::vector<LogInput>> list_inputs(const std::vector<std::string>& paths, bool allow_repeats,
                                          Context& context);

// The first `/`-ended part of a pattern without a wildcard: all that matches lies below it. "" if
// there is none.
std::string fixed_part(const std::string& pattern);

// Whether a path, or a folder above it, matches a pattern as the shell means it: `*` and `?` stop
// at a slash, and pass over names that begin with '.'.
bool matches_pattern(const std::string& pattern, const std::string& path);

// Whether a name looks like a table that can be read: .parquet, .csv, .tsv, .jsonl, .ndjson, .json,
// also with .gz, .zst, .bz2 or .lz4 behind (not Parquet).
bool has_table_name(const std::string& path);

}  // namespace crossfade
