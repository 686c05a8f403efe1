// Magic bytes first, so that a file named wrongly is still read as what it is.
#include "crossfade/io/file_kind.h"

#include "crossfade/base/mapped_file.h"

namespace crossfade {

std::optional<FileKind> kind_of_name(std::string_view path) {
  if (path.ends_with(".parquet") || path.ends_with(".pq")) return FileKind::kParquet;
  for (const std::string_view packed : {".gz", ".zst", ".bz2", ".lz4"})
    if (path.ends_with(packed)) {
      path.remove_suffix(packed.size());
      break;
    }
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
