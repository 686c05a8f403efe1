// StagedFolder: a folder that appears under its name when it is complete, or not at all.
//
// It is written beside its place as NAME.part-PID and renamed at the end: a crash, a full disk or
// Ctrl-C leaves nothing under the final name. What a killed program left beside it is removed by
// the next one that writes to the same name; a lock tells it from a program that is still writing.
#pragma once

#include <string>

#include "crossfade/base/status.h"

namespace crossfade {

class StagedFolder {
 public:
  StagedFolder() = default;
  // Errors: `path` exists (usage), its parent cannot be written.
  static Result<StagedFolder> create(const std::string& path);
  // For a folder that may be there: commit() puts the new one in its place, in one step where the
  // file system can do that, and removes the old one.
  static Result<StagedFolder> replace(const std::string& path);
  // Without commit() everything written is removed again.
  ~StagedFolder();
  StagedFolder(StagedFolder&& other) noexcept;
  StagedFolder& operator=(StagedFolder&& other) noexcept;

  // Where to write until commit().
  const std::string& path() const { return part_; }
  // Gives the folder its name. Errors: somebody else has made it meanwhile (usage).
  Status commit();

 private:
  static Result<StagedFolder> begin(const std::string& path);

  std::string target_, part_;
  bool replaces_ = false;
  int lock_ = -1;  // of the folder that is being written; the system lets go of it with the program
};

}  // namespace crossfade
