// FileKind: what is in a file of a table, by its first bytes, else by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"

namespace crossfade {

enum class FileKind { kParquet, kCsv, kJson };

// "data.json" for data.json.3, as rotated logs are called; other names as they are.
std::string_view without_rotation(std::string_view path);

// By the end of a name: .parquet, .csv.gz, ..; nothing if it is of no kind that is read.
std::optional<FileKind> kind_of_name(std::string_view path);

// Of a local file. Errors: missing (failed); of no kind that is read (data invalid).
Result<FileKind> find_kind(const std::string& path);

}  // namespace crossfade
