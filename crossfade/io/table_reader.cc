// The kind of a file decides which reader is asked, once for its names and once for its values.
#include "crossfade/io/table_reader.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "crossfade/base/mapped_file.h"
#include "crossfade/io/csv_reader.h"
#include "crossfade/io/parquet_file.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

enum class FileKind { kParquet, kCsv, kJson };

Result<FileKind> find_kind(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view magic = file.bytes().substr(0, 4);
  if (magic == "PAR1" || magic == "PARE") return FileKind::kParquet;
  std::string_view name = path;
  if (name.ends_with(".parquet") || name.ends_with(".pq")) return FileKind::kParquet;
  for (const std::string_view packed : {".gz", ".zst", ".bz2", ".lz4"})
    if (name.ends_with(packed)) {
      name.remove_suffix(packed.size());
      break;
    }
  for (const std::string_view end : {".csv", ".tsv"})
    if (name.ends_with(end)) return FileKind::kCsv;
  for (const std::string_view end : {".jsonl", ".ndjson", ".json"})
    if (name.ends_with(end)) return FileKind::kJson;
  return data_invalid(path +
                      " is of an unknown kind; files that are read end in .parquet, .csv, .tsv or "
                      ".jsonl, the text ones also in .gz, .zst, .bz2 or .lz4 behind it");
}

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

Result<std::unique_ptr<TableStream>> open_local_stream(const std::string& path,
                                                       std::int64_t block_rows) {
  CROSSFADE_ASSIGN_OR_RETURN(const FileKind kind, find_kind(path));
  switch (kind) {
    case FileKind::kParquet:
      return open_parquet_stream(path, block_rows);
    case FileKind::kCsv:
      return open_csv_stream(path);
    default:
      return open_json_stream(path);
  }
}

// The stream of a local copy, in whose sentences the address stands.
class RemoteStream final : public TableStream {
 public:
  RemoteStream(std::unique_ptr<TableStream> stream, std::string path, std::string copy)
      : stream_(std::move(stream)), path_(std::move(path)), copy_(std::move(copy)) {
    take_report();
  }
  const std::vector<std::string>& names() const override { return stream_->names(); }
  Status select(const std::vector<WantedColumn>& columns, Context& context) override {
    return with_address(stream_->select(columns, context), path_, copy_);
  }
  const Table& layout() const override { return stream_->layout(); }
  Result<std::optional<Table>> next(Context& context) override {
    auto table = stream_->next(context);
    take_report();
    if (!table.ok()) return with_address(table.status(), path_, copy_);
    return table;
  }
  Status skip(std::int64_t rows, Context& context) override {
    return with_address(stream_->skip(rows, context), path_, copy_);
  }
  std::optional<std::int64_t> num_rows() const override { return stream_->num_rows(); }
  std::string place_of(std::int64_t row) const override { return stream_->place_of(row); }

 private:
  void take_report() {
    report_ = stream_->report();
    report_.path = path_;
  }

  const std::unique_ptr<TableStream> stream_;
  const std::string path_, copy_;
};

}  // namespace

Result<Table> read_table(const std::string& path, const WantedColumns& wanted, Context& context,
                         ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string copy, local_copy(path, context));
  auto table = read_local_table(copy, wanted, context, report);
  if (!table.ok()) return with_address(table.status(), path, copy);
  if (report) report->path = path;
  return table;
}

Result<std::unique_ptr<TableStream>> open_table_stream(const std::string& path,
                                                       std::int64_t block_rows, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string copy, local_copy(path, context));
  auto stream = open_local_stream(copy, block_rows);
  if (!stream.ok()) return with_address(stream.status(), path, copy);
  if (!is_remote(path)) return stream;
  return std::unique_ptr<TableStream>(
      std::make_unique<RemoteStream>(*std::move(stream), path, copy));
}

}  // namespace crossfade
