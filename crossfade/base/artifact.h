// Artifact: a folder that is either whole or not there.
//
// Models, stores and bundles are folders of .npy columns and small JSON files beside a
// manifest.json that lists every file's size and SHA-256. Writing happens in a folder beside the
// target
// (`NAME.part-...`), which is renamed when complete: a crash, a full disk or Ctrl-C never leaves a
// half-written result under the final name. Reading checks the manifest before any number is used.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/column_writer.h"
#include "crossfade/base/json.h"
#include "crossfade/base/npy.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

class ArtifactWriter {
 public:
  // `kind` says what the folder is ("model", "bundle"); opening it as another kind is refused.
  // Errors: `path` exists (a usage error), its parent cannot be written.
  static Result<ArtifactWriter> create(const std::string& path, const std::string& kind,
                                       int schema_version, Sync sync = Sync::kYes);
  // Without commit() everything written is removed again.

  template <class T>
  Status add(const std::string& name, std::span<const T> values,
             std::vector<std::int64_t> shape = {}) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string path, make_place(name));
    return write_npy<T>(path, values, std::move(shape), sync_);
  }
  // Two columns, NAME.offsets.npy and NAME.bytes.npy.
  Status add_strings(const std::string& name, const StringArray& strings);
  // A column that comes in pieces: append() to it, then close_column() under the same name.
  template <class T>
  Result<ColumnWriter> open_column(const std::string& name, std::int64_t expected) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string path, make_place(name));
    return ColumnWriter::create<T>(path, expected);
  }
  Status close_column(const std::string& name, ColumnWriter& column);
  // Where a file of this name will be written, its folder made: for nested artifacts.
  Result<std::string> make_place(const std::string& name);

  // Free members of the manifest: knobs, metrics, counts.
  Json& metadata() { return metadata_; }
  // Hashes the files whose checksums are not known yet, writes the manifest and renames the folder
  // into place.
  Status commit();

 private:
  ArtifactWriter() = default;
  StagedFolder folder_;
  std::string kind_;
  int schema_version_ = 0;
  Sync sync_ = Sync::kYes;
  std::map<std::string, FileDigest> digests_;  // by name, of columns that came in pieces
  Json metadata_ = Json::object();
};

// How much of an artifact is read before it is trusted.
enum class Verify { kSizes, kFull };

class Artifact {
 public:
  // Errors (data invalid): no manifest, another kind, a newer schema, a file missing or of another
  // size or (kFull) another content; each names the file. `threads`, if there are any, hash
  // several files at once.
  static Result<Artifact> open(const std::string& path, const std::string& kind,
                               int newest_schema_version, Verify verify = Verify::kFull,
                               ThreadPool* threads = nullptr);

  const std::string& path() const { return path_; }
  const Json& metadata() const { return metadata_; }
  int schema_version() const { return schema_version_; }
  // SHA-256 of the manifest: names this exact content.
  const std::string& fingerprint() const { return fingerprint_; }
  // SHA-256 of the files' names, sizes and checksums: names the content, whoever wrote it and
  // whatever the metadata say.
  std::string content_fingerprint() const;
  bool has(const std::string& name) const;
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  template <class T>
  Result<NpyArray<T>> read(const std::string& name) const {
    return read_npy<T>(path_of(name));
  }
  Result<StringArray> read_strings(const std::string& name) const;

 private:
  std::string path_, fingerprint_;
  int schema_version_ = 0;
  Json metadata_, files_;
};

}  // namespace crossfade
