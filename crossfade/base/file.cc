// POSIX files behind Status.
#include "crossfade/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "crossfade/base/mapped_file.h"

namespace crossfade {
namespace fs = std::filesystem;

Result<FileWriter> FileWriter::create(const std::string& path, bool append) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC);
  const int descriptor = ::open(path.c_str(), flags, 0666);
  if (descriptor < 0) return errno_status("cannot write " + path, errno);
  return FileWriter(path, descriptor);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Status FileWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_status("cannot write " + path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ok_status();
}

Status FileWriter::write_at(std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_status("cannot write " + path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return ok_status();
}

Status FileWriter::lock() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return ok_status();
  if (errno == EWOULDBLOCK)
    return failed(path_ + " is in use by another process; stop it, or name another file");
  return errno_status("cannot lock " + path_, errno);
}

Status FileWriter::truncate(std::int64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0)
    return errno_status("cannot shorten " + path_, errno);
  return ok_status();
}

Status FileWriter::sync() {
  // A pipe or a device cannot be synced (EINVAL); what it takes is gone the moment it is written.
  if (::fsync(descriptor_) != 0 && errno != EINVAL)
    return errno_status("cannot write " + path_, errno);
  return ok_status();
}

Status FileWriter::close(Sync wanted) {
  if (wanted == Sync::kYes) CROSSFADE_RETURN_IF_ERROR(sync());
  if (::close(std::exchange(descriptor_, -1)) != 0)
    return errno_status("cannot write " + path_, errno);
  return ok_status();
}

Result<std::string> read_file(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  return std::string(file.bytes());
}

Status write_file(const std::string& path, std::string_view bytes, Sync sync) {
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(path));
  CROSSFADE_RETURN_IF_ERROR(file.write(bytes));
  return file.close(sync);
}

Status replace_file(const std::string& path, std::string_view bytes, Sync sync) {
  const std::string beside = path + ".new";
  CROSSFADE_RETURN_IF_ERROR(write_file(beside, bytes, sync));
  return rename_path(beside, path);
}

Status make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? errno_status("cannot make the folder " + path, error.value()) : ok_status();
}

Status remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  return error ? errno_status("cannot remove " + path, error.value()) : ok_status();
}

Status rename_path(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  return error ? errno_status("cannot rename " + from + " to " + to, error.value()) : ok_status();
}

bool path_exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

Result<std::vector<std::string>> list_files(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (at->is_regular_file(error)) names.push_back(fs::relative(at->path(), folder).string());
  if (error) return errno_status("cannot list " + folder, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

Status refuse_existing(const std::string& path) {
  if (!path_exists(path)) return ok_status();
  return usage_error("the output " + path +
                     " exists already; give another name, or remove it first");
}

}  // namespace crossfade
