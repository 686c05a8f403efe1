// The kind of a file decides which reader is asked, once for its names and once for its values.
#include "crossfade/io/table_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "crossfade/base/mapped_file.h"
#include "crossfade/io/csv_reader.h"
#include "crossfade/io/parquet_file.h"
#include "crossfade/io/parquet_reader.h"

namespace crossfade {
namespace {

enum class FileKind { kParquet, kCsv };

Result<FileKind> find_kind(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view magic = file.bytes().substr(0, 4);
  if (magic == "PAR1" || magic == "PARE") return FileKind::kParquet;
  const std::string_view name = path;
  const auto ends_with = [name](std::string_view end) { return name.ends_with(end); };
  if (ends_with(".parquet") || ends_with(".pq")) return FileKind::kParquet;
  for (const std::string_view end : {".csv", ".tsv", ".csv.gz", ".tsv.gz"})
    if (ends_with(end)) return FileKind::kCsv;
  return data_invalid(path +
                      " is of an unknown kind; files that are read end in .parquet, .csv, .tsv, "
                      ".csv.gz or .tsv.gz");
}

Result<std::vector<std::string>> list_names(const std::string& path, FileKind kind) {
  if (kind == FileKind::kCsv) return list_csv_columns(path);
  CROSSFADE_ASSIGN_OR_RETURN(const ParquetFile file, ParquetFile::open(path));
  std::vector<std::string> names;
  for (const ParquetColumn& column : file.columns()) names.push_back(column.name);
  return names;
}

}  // namespace

Result<Table> read_table(const std::string& path, const WantedColumns& wanted, Context& context,
                         ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const FileKind kind, find_kind(path));
  std::vector<std::string> columns = wanted.required;
  if (!wanted.optional.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_names(path, kind));
    for (const std::string& name : wanted.optional)
      if (std::find(names.begin(), names.end(), name) != names.end()) columns.push_back(name);
  }
  return kind == FileKind::kParquet ? read_parquet(path, columns, context, report)
                                    : read_csv(path, columns, context, report);
}

}  // namespace crossfade
