// text_file: a file of text as a stream of plain bytes, whatever it is packed with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crossfade/base/mapped_file.h"
#include "crossfade/base/status.h"

namespace arrow::io {
class InputStream;
}

namespace crossfade {

class TextFile {
 public:
  // Maps the file. Errors: missing, unreadable (failed); empty (data invalid).
  static Result<TextFile> open(const std::string& path);

  const std::string& path() const { return path_; }
  std::int64_t num_bytes() const { return std::ssize(file_.bytes()); }
  // A new stream from the first byte. gzip, zstd, bzip2 and lz4 frames are known by their first
  // bytes and unpacked as the stream is read. Errors: this build cannot unpack it (failed).
  Result<std::shared_ptr<arrow::io::InputStream>> stream() const;
  // The first bytes, unpacked; fewer than asked for only if there are no more. Errors: a damaged
  // packing (data invalid).
  Result<std::string> head(std::int64_t bytes) const;

 private:
  std::string path_;
  MappedFile file_;
};

}  // namespace crossfade
