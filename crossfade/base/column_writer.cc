// Pieces are hashed and written in slices that stay in the cache between the two.
#include "crossfade/base/column_writer.h"

#include <algorithm>
#include <utility>

namespace crossfade {
namespace {

constexpr std::size_t kSlice = std::size_t{1} << 18;

}  // namespace

Result<ColumnWriter> ColumnWriter::start(const std::string& path, Header header,
                                         std::size_t value_size, std::int64_t expected) {
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  ColumnWriter column(path, std::move(file));
  column.header_ = header;
  column.value_size_ = value_size;
  column.expected_ = expected;
  const std::string text = header({expected});
  column.sha_.update(text);
  CROSSFADE_RETURN_IF_ERROR(column.file_.write(text));
  return column;
}

Status ColumnWriter::append_bytes(std::string_view bytes) {
  count_ += static_cast<std::int64_t>(bytes.size() / value_size_);
  while (!bytes.empty()) {
    const std::string_view slice = bytes.substr(0, std::min(kSlice, bytes.size()));
    sha_.update(slice);
    CROSSFADE_RETURN_IF_ERROR(file_.write(slice));
    bytes.remove_prefix(slice.size());
  }
  return ok_status();
}

Result<FileDigest> ColumnWriter::finish(Sync sync) {
  const std::string text = header_({count_});
  CROSSFADE_CHECK(text.size() == header_({expected_}).size(), "headers of one length");
  if (count_ != expected_) CROSSFADE_RETURN_IF_ERROR(file_.write_at(0, text));
  CROSSFADE_RETURN_IF_ERROR(file_.close(sync));
  FileDigest digest;
  digest.bytes =
      static_cast<std::int64_t>(text.size()) + count_ * static_cast<std::int64_t>(value_size_);
  if (count_ == expected_) {
    digest.sha256 = sha_.finish_hex();
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(digest.sha256, sha256_hex_of_file(path_));
  }
  return digest;
}

}  // namespace crossfade
