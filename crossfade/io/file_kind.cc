// Magic bytes first, so that a file named wrongly is still read as what it is.
#include "crossfade/io/file_kind.h"

#include "crossfade/base/mapped_file.h"

namespace crossfade {

std::string_view without_rotation(std::string_view path) {
  const std::size_t last = path.find_last_not_of("0123456789");
  const bool numbered = last != std::string_view::npos && last + 1 < path.size();
  if (!numbered || path[last] != '.') return path;
  const std::string_view name = path.substr(0, last);
  return name.ends_with(".json") || name.ends_with(".jsonl") ? name : path;
}

std::optional<FileKind> kind_of_name(std::string_view path) {
  if (path.ends_with(".parquet") || path.ends_with(".pq")) return FileKind::kParquet;
  for (const std::string_view packed : {".gz", ".zst", ".bz2", ".lz4"})
    if (path.ends_with(packed)) {
      path.remove_suffix(packed.size());
      break;
    }
  path = without_rotation(path);
  for (const std::string_view end : {".csv", ".tsv"})
    if (path.ends_with(end)) return FileKind::kCsv;
  for (const std::string_view end : {".jsonl", ".ndjson", ".json"})
    if (path.ends_with(end)) return FileKind::kJson;
  return std::nullopt;
}

Result<FileKind> find_kind(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view magic = file.bytes().substr(0, 4);
  if (magic == "PAR1" || magic == "PARE") return FileKind::kParquet;
  if (const auto kind = kind_of_name(path)) return *kind;
  return data_invalid(path +
                      " is of an unknown kind; files that are read end in .parquet, .csv, .tsv or "
                      ".jsonl, the text ones also in .gz, .zst, .bz2 or .lz4 behind it");
}

}  // namespace crossfade
