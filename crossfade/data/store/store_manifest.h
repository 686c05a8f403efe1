// The manifest of a store: which folders belong to it, in order; and the lock of its writers.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/status.h"

namespace crossfade {

struct StoreManifest {
  // A folder of the store, named relative to it. `fingerprint` is of the folder's own manifest.
  struct Folder {
    std::string folder, domain, fingerprint;
  };
  std::string fingerprint;          // store.h says of what
  std::vector<Folder> segments;     // oldest first
  std::vector<Folder> attachments;  // what is known of a domain's items besides who took them
};

std::string manifest_path(const std::string& store);
// Errors: no such folder (failed), not a store, another version, damaged (data invalid).
Result<std::string> read_manifest_text(const std::string& store);
Result<StoreManifest> parse_manifest(const std::string& store, const std::string& text);
std::string manifest_text(const StoreManifest& manifest);

// The fingerprint of a store after a segment with these columns has been added.
std::string next_fingerprint(const std::string& before, const std::string& domain,
                             const std::string& content);

// Names a segment that has been written into `folder` of the store, behind those that are there.
Status note_segment(const std::string& store, const std::string& folder, const std::string& domain,
                    StoreManifest& manifest);

// Where the next segment goes: a number above all that are there.
std::string next_segment_folder(const StoreManifest& manifest, const std::string& domain);

// Excludes other writers of a folder for as long as it lives; the system ends it with the program.
class WriterLock {
 public:
  // Errors (failed): another program has it.
  static Result<WriterLock> take(const std::string& folder);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();

 private:
  WriterLock() = default;
  int descriptor_ = -1;
};

}  // namespace crossfade
