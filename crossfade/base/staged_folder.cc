// Makes, removes and renames the folder.
#include "crossfade/base/staged_folder.h"

#include <unistd.h>

#include <utility>

#include "crossfade/base/file.h"

namespace crossfade {

Result<StagedFolder> StagedFolder::create(const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  StagedFolder folder;
  folder.target_ = path;
  while (folder.target_.size() > 1 && folder.target_.back() == '/') folder.target_.pop_back();
  folder.part_ = folder.target_ + ".part-" + std::to_string(::getpid());
  CROSSFADE_RETURN_IF_ERROR(remove_tree(folder.part_));
  CROSSFADE_RETURN_IF_ERROR(make_folder(folder.part_));
  return folder;
}

StagedFolder::~StagedFolder() {
  if (!part_.empty()) (void)remove_tree(part_);
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : target_(std::move(other.target_)), part_(std::exchange(other.part_, "")) {}

StagedFolder& StagedFolder::operator=(StagedFolder&& other) noexcept {
  std::swap(target_, other.target_);
  std::swap(part_, other.part_);
  return *this;
}

Status StagedFolder::commit() {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(target_));
  CROSSFADE_RETURN_IF_ERROR(rename_path(part_, target_));
  part_.clear();
  return ok_status();
}

}  // namespace crossfade
