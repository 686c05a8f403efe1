// Content: what a file or a folder holds, by SHA-256, without reading again what has not changed.
//
// A file is taken for unchanged if its size, time of change (ns) and inode are what they were when
// it was read; the same rule as of make and git. `trust = false` reads everything again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

struct FileContent {
  std::string name;  // within the folder; the file's own name for a single file
  std::int64_t bytes = 0, changed_ns = 0, inode = 0;
  std::string sha256;
};

struct Content {
  std::vector<FileContent> files;  // sorted by name

  // SHA-256 over names and contents; not over times.
  std::string fingerprint() const;
  std::int64_t bytes() const;
  // The part whose names are `inner` or begin with "inner/", without that.
  Content inside(const std::string& inner) const;
};

Json to_json(const Content& content);
// Empty if the JSON is no Content.
Content content_from_json(const Json& json);

// Of a file, a folder, or the files that a pattern (*, ?, [..]) in the last parts of a path fits.
// `before` saves reading what it knows. Errors: nothing there (failed), unreadable.
Result<Content> read_content(const std::string& path, const Content& before, ThreadPool& threads);
// Empty if the files there are still those of `content`; else what differs, in half a sentence:
// "users.npy is missing". Files besides them are no difference. Reads all bytes only if `trust` is
// false or a time has changed.
Result<std::string> find_damage(const std::string& path, const Content& content, bool trust,
                                ThreadPool& threads);

// A second folder with the same files, without copying where the disk can link: what is replaced by
// rename in one is untouched in the other; small files are copied.
Status clone_folder(const std::string& from, const std::string& to);

}  // namespace crossfade
