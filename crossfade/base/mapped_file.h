// MappedFile: a whole file as bytes in memory, read-only, loaded by the system page by page.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"

namespace crossfade {

class MappedFile {
 public:
  // Maps `path`; an empty file is an empty view. Errors: missing, unreadable, not a regular file.
  static Result<MappedFile> open(const std::string& path);

  std::string_view bytes() const { return bytes_; }
  // Keeps the mapping alive; hand it to Array when a view outlives this object.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::string_view bytes_;
  std::shared_ptr<const void> owner_;
};

}  // namespace crossfade
