// Makes, removes and renames the folder.
#include "crossfade/base/staged_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

// The folder's lock, or -1 if another program has it or the folder is gone.
int take_lock(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  if (descriptor >= 0) ::close(descriptor);
  return -1;
}

// Removes NAME.part-* that nobody holds.
void remove_leftovers(const std::string& target) {
  namespace fs = std::filesystem;
  const fs::path path(target);
  const std::string start = path.filename().string() + ".part-";
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::vector<std::string> left;
  std::error_code error;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().starts_with(start)) left.push_back(at->path().string());
  for (const std::string& folder : left) {
    const int lock = take_lock(folder);
    if (lock < 0) continue;
    (void)remove_tree(folder);
    ::close(lock);
  }
}

// `part` and `target` change their names. Where the file system cannot do that in one step, the old
// folder has another name in between.
Status change_places(const std::string& part, const std::string& target) {
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
    return ok_status();
  const std::string aside = part + ".old";
  CROSSFADE_RETURN_IF_ERROR(rename_path(target, aside));
  CROSSFADE_RETURN_IF_ERROR(rename_path(part, target));
  return rename_path(aside, part);
}

}  // namespace

Result<StagedFolder> StagedFolder::create(const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  return begin(path);
}

Result<StagedFolder> StagedFolder::replace(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, begin(path));
  folder.replaces_ = true;
  return folder;
}

Result<StagedFolder> StagedFolder::begin(const std::string& path) {
  StagedFolder folder;
  folder.target_ = path;
  while (folder.target_.size() > 1 && folder.target_.back() == '/') folder.target_.pop_back();
  remove_leftovers(folder.target_);
  folder.part_ = folder.target_ + ".part-" + std::to_string(::getpid());
  if (path_exists(folder.part_)) CROSSFADE_RETURN_IF_ERROR(remove_tree(folder.part_));
  CROSSFADE_RETURN_IF_ERROR(make_folder(folder.part_));
  folder.lock_ = take_lock(folder.part_);
  return folder;
}

StagedFolder::~StagedFolder() {
  if (!part_.empty()) (void)remove_tree(part_);
  if (lock_ >= 0) ::close(lock_);
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : target_(std::move(other.target_)),
      part_(std::exchange(other.part_, "")),
      replaces_(other.replaces_),
      lock_(std::exchange(other.lock_, -1)) {}

StagedFolder& StagedFolder::operator=(StagedFolder&& other) noexcept {
  std::swap(target_, other.target_);
  std::swap(part_, other.part_);
  std::swap(replaces_, other.replaces_);
  std::swap(lock_, other.lock_);
  return *this;
}

Status StagedFolder::commit() {
  if (replaces_ && path_exists(target_)) {
    CROSSFADE_RETURN_IF_ERROR(change_places(part_, target_));
    return remove_tree(std::exchange(part_, ""));
  }
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(target_));
  CROSSFADE_RETURN_IF_ERROR(rename_path(part_, target_));
  part_.clear();
  return ok_status();
}

}  // namespace crossfade
