// What streams of all kinds share: how one is opened, and how rows are passed over.
#include "crossfade/io/table_stream.h"

#include <utility>

#include "crossfade/io/file_kind.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace {

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
  void reuse(Column::Values values) override { stream_->reuse(std::move(values)); }
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

Status TableStream::skip(std::int64_t rows, Context& context) {
  while (rows > 0) {
    CROSSFADE_ASSIGN_OR_RETURN(const auto passed, next(context));
    const std::int64_t got = passed ? static_cast<std::int64_t>(passed->num_rows()) : 0;
    if (!passed || got > rows)
      return data_invalid(report_.path + " was changed since it was read before");
    rows -= got;
  }
  return ok_status();
}

namespace {

// open(copy) of what lies at a path, here or on S3.
template <class Open>
Result<std::unique_ptr<TableStream>> open_copy(const std::string& path, Context& context,
                                               const Open& open) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string copy, local_copy(path, context));
  Result<std::unique_ptr<TableStream>> stream = open(copy);
  if (!stream.ok()) return with_address(stream.status(), path, copy);
  if (!is_remote(path)) return stream;
  return std::unique_ptr<TableStream>(
      std::make_unique<RemoteStream>(*std::move(stream), path, copy));
}

}  // namespace

Result<std::unique_ptr<TableStream>> open_table_stream(const std::string& path,
                                                       std::int64_t block_rows, Context& context) {
  return open_copy(path, context,
                   [&](const std::string& copy) { return open_local_stream(copy, block_rows); });
}

Result<std::unique_ptr<TableStream>> open_play_log(const std::string& path, bool text_ids,
                                                   Context& context) {
  return open_copy(path, context,
                   [&](const std::string& copy) { return open_play_log_stream(copy, text_ids); });
}

}  // namespace crossfade
