// ColumnWriter: one .npy column that is written in pieces, with its checksum taken on the way.
//
// A log that does not fit the memory becomes columns a part at a time. The bytes are hashed while
// they are still in the cache, so sealing an artifact need not read gigabytes again.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/npy.h"

namespace crossfade {

// What a manifest says of a file.
struct FileDigest {
  std::int64_t bytes = 0;
  std::string sha256;
};

class ColumnWriter {
 public:
  // `expected` values will most likely come. Element types as in npy.h.
  template <class T>
  static Result<ColumnWriter> create(const std::string& path, std::int64_t expected) {
    return start(path, &npy_header<T>, sizeof(T), expected);
  }

  template <class T>
  Status append(std::span<const T> values) {
    CROSSFADE_CHECK(sizeof(T) == value_size_, "a column of another element type");
    return append_bytes({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  std::int64_t count() const { return count_; }

  // Completes the file. When another number of values came than expected the header is written
  // again and the file read for its checksum: right all the same, but slower.
  Result<FileDigest> finish(Sync sync);

 private:
  using Header = std::string (*)(const std::vector<std::int64_t>&);
  ColumnWriter(std::string path, FileWriter file)
      : path_(std::move(path)), file_(std::move(file)) {}
  static Result<ColumnWriter> start(const std::string& path, Header header, std::size_t value_size,
                                    std::int64_t expected);
  Status append_bytes(std::string_view bytes);

  std::string path_;
  FileWriter file_;
  Sha256 sha_;
  Header header_ = nullptr;
  std::size_t value_size_ = 0;
  std::int64_t expected_ = 0, count_ = 0;
};

}  // namespace crossfade
