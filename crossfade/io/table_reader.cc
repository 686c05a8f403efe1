// The kind of a file decides which reader is asked, once for its names and once for its values.
#include "crossfade/io/table_reader.h"

#include <algorithm>

#include "crossfade/io/csv_reader.h"
#include "crossfade/io/file_kind.h"
#include "crossfade/io/parquet_file.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

// All rows of a JSON lines file.
Result<Table> read_json(const std::string& path, const std::vector<std::string>& columns,
                        Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_json_stream(path));
  std::vector<WantedColumn> wanted;
  for (const std::string& name : columns.empty() ? stream->names() : columns)
    wanted.push_back({name});
  CROSSFADE_RETURN_IF_ERROR(stream->select(wanted, context));
  Table table = stream->layout();
  for (;;) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto block, stream->next(context));
    if (!block) break;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      append_rows(table.columns[c], block->columns[c]);
  }
  if (report) *report = stream->report();
  return table;
}

Result<std::vector<std::string>> list_names(const std::string& path, FileKind kind) {
  if (kind == FileKind::kCsv) return list_csv_columns(path);
  if (kind == FileKind::kJson) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_json_stream(path));
    return stream->names();
  }
  CROSSFADE_ASSIGN_OR_RETURN(const ParquetFile file, ParquetFile::open(path));
  std::vector<std::string> names;
  for (const ParquetColumn& column : file.columns()) names.push_back(column.name);
  return names;
}

Result<Table> read_local_table(const std::string& path, const WantedColumns& wanted,
                               Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const FileKind kind, find_kind(path));
  std::vector<std::string> columns = wanted.required;
  if (!wanted.optional.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_names(path, kind));
    for (const std::string& name : wanted.optional)
      if (std::find(names.begin(), names.end(), name) != names.end()) columns.push_back(name);
  }
  switch (kind) {
    case FileKind::kParquet:
      return read_parquet(path, columns, context, report);
    case FileKind::kCsv:
      return read_csv(path, columns, context, report);
    default:
      return read_json(path, columns, context, report);
  }
}

}  // namespace

Result<Table> read_table(const std::string& path, const WantedColumns& wanted, Context& context,
                         ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string copy, local_copy(path, context));
  auto table = read_local_table(copy, wanted, context, report);
  if (!table.ok()) return with_address(table.status(), path, copy);
  if (report) report->path = path;
  return table;
}

}  // namespace crossfade
