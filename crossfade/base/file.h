// FileWriter and the few operations on paths that every room needs, each with its error as a
// sentence. Writing reports a full disk at the write or close that met it, never later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

// Whether a writer waits until its bytes are on the disk: kYes outlives a power failure, kNo only
// the end of the program (what reads the file later finds a loss by its checksum).
enum class Sync { kYes, kNo };

// Appends bytes to one file. Closed and lost on destruction without close(): whoever writes a
// result calls close() and looks at its Status.
class FileWriter {
 public:
  // Creates or empties `path`; `append` keeps what is there.
  static Result<FileWriter> create(const std::string& path, bool append = false);
  ~FileWriter();
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&& other) noexcept;

  Status write(std::string_view bytes);
  // Puts the bytes over those at `offset`; later write()s go on behind them all the same.
  Status write_at(std::int64_t offset, std::string_view bytes);
  // Takes the file for this process until it is closed; failed if another process has it. (An
  // advisory lock: it keeps apart only those who ask.)
  Status lock();
  // Cuts the file to its first `bytes`.
  Status truncate(std::int64_t bytes);
  // Waits until what was written is on the disk.
  Status sync();
  // Syncs, unless told not to, and closes.
  Status close(Sync sync = Sync::kYes);

 private:
  FileWriter(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_ = -1;
};

Result<std::string> read_file(const std::string& path);
Status write_file(const std::string& path, std::string_view bytes, Sync sync = Sync::kYes);
// Writes beside and renames, so that readers see the old bytes or the new, never a part.
Status replace_file(const std::string& path, std::string_view bytes, Sync sync = Sync::kYes);
Status make_folder(const std::string& path);
// Removes a file or a whole folder; a missing one is no error.
Status remove_tree(const std::string& path);
Status rename_path(const std::string& from, const std::string& to);
bool path_exists(const std::string& path);
bool is_folder(const std::string& path);
// Regular files below `folder`, relative to it, sorted.
Result<std::vector<std::string>> list_files(const std::string& folder);

// The user's mistake "this output exists already", in one place because every command has it.
Status refuse_existing(const std::string& path);

}  // namespace crossfade
