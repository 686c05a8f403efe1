// Positioned reads, so that threads share one descriptor. Nothing is synced: after a power failure
// the checksums of what was spilled decide (data/store/row_blocks.h).
#include "crossfade/data/store/spill_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace crossfade {

Result<SpillFile> SpillFile::open(const std::string& path, std::int64_t bytes) {
  SpillFile file;
  file.path_ = path;
  file.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file.descriptor_ < 0) return errno_status("cannot write " + path, errno);
  struct stat info {};
  if (::fstat(file.descriptor_, &info) != 0) return errno_status("cannot read " + path, errno);
  if (info.st_size < bytes)
    return data_invalid(path + " has " + std::to_string(info.st_size) + " bytes and " +
                        std::to_string(bytes) + " were written; it is damaged");
  if (::ftruncate(file.descriptor_, static_cast<off_t>(bytes)) != 0)
    return errno_status("cannot shorten " + path, errno);
  file.size_ = bytes;
  return file;
}

SpillFile::~SpillFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

Status SpillFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_status("cannot write " + path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += written;
  }
  return ok_status();
}

Status SpillFile::read(std::int64_t offset, char* bytes, std::size_t count) const {
  while (count > 0) {
    const ssize_t got = ::pread(descriptor_, bytes, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status("cannot read " + path_, errno);
    if (got == 0) return data_invalid(path_ + " ends too early; it is damaged");
    bytes += got;
    offset += got;
    count -= static_cast<std::size_t>(got);
  }
  return ok_status();
}

}  // namespace crossfade
