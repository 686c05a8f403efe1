// mmap and munmap, and their errors as sentences.
#include "crossfade/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace crossfade {

Result<MappedFile> MappedFile::open(const std::string& path) {
  // O_NONBLOCK: a named pipe that nobody writes to would be waited for, and it is refused anyway.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno_status("cannot open " + path, errno);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(descriptor);
    return failed("cannot read " + path + ": it is not a regular file");
  }
  MappedFile file;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > 0) {
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    const int reason = errno;
    if (start == MAP_FAILED) {
      ::close(descriptor);
      return errno_status("cannot map " + path, reason);
    }
    file.bytes_ = {static_cast<const char*>(start), size};
    file.owner_ = std::shared_ptr<const void>(
        start, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  }
  ::close(descriptor);
  return file;
}

}  // namespace crossfade
