// SpillFile: where a computation puts what its memory has no room for, to read it back in pieces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"

namespace crossfade {

class SpillFile {
 public:
  SpillFile() = default;
  // Makes the file, or opens what is there and keeps its first `bytes` (data invalid if it has
  // fewer).
  static Result<SpillFile> open(const std::string& path, std::int64_t bytes);
  ~SpillFile();
  SpillFile(SpillFile&& other) noexcept;
  SpillFile& operator=(SpillFile&& other) noexcept;

  bool is_open() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }
  std::int64_t size() const { return size_; }
  // Errors: the disk is full (exhausted).
  Status append(std::string_view bytes);
  // Safe from several threads. Errors (data invalid): the file ends before.
  Status read(std::int64_t offset, char* bytes, std::size_t count) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

}  // namespace crossfade
