// The manifest is JSON in a fixed order, so equal content gives equal bytes and an equal
// fingerprint.
#include "crossfade/base/artifact.h"

#include <filesystem>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/manifest.h"
#include "crossfade/base/mapped_file.h"

namespace crossfade {
namespace {

constexpr const char* kManifest = "manifest.json";
Result<Json> describe_files(const std::string& folder,
                            const std::map<std::string, FileDigest>& known) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(folder));
  Json files = Json::object();
  for (const std::string& name : names) {
    FileDigest digest;
    if (const auto at = known.find(name); at != known.end()) {
      digest = at->second;
    } else {
      CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(folder + "/" + name));
      digest = {static_cast<std::int64_t>(file.bytes().size()), sha256_hex(file.bytes())};
    }
    files.set(name, Json::object().set("bytes", digest.bytes).set("sha256", digest.sha256));
  }
  return files;
}

Status verify_file(const std::string& path, const Json& expected, Verify verify) {
  if (!path_exists(path)) return data_invalid(path + " is missing; the folder is damaged");
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t bytes, expected.int_at("bytes"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string sha256, expected.string_at("sha256"));
  if (static_cast<std::int64_t>(file.bytes().size()) != bytes)
    return data_invalid(path + " has " + std::to_string(file.bytes().size()) + " bytes and " +
                        std::to_string(bytes) + " were written; the folder is damaged");
  if (verify == Verify::kFull && sha256_hex(file.bytes()) != sha256)
    return data_invalid(path + " is not what was written (its checksum differs)");
  return ok_status();
}

// All files of a manifest; the first error in its order.
Status verify_files(const std::string& folder, const Json::Object& files, Verify verify,
                    ThreadPool* threads) {
  std::vector<Status> statuses(files.size());
  const auto body = [&](std::int64_t begin, std::int64_t end, int) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      statuses[i] = verify_file(folder + "/" + files[i].first, files[i].second, verify);
  };
  if (threads)
    threads->parallel_for(std::ssize(files), 1, body);
  else
    body(0, std::ssize(files), 0);
  for (Status& status : statuses)
    if (!status.ok()) return std::move(status);
  return ok_status();
}

// A name from a manifest must stay inside the folder.
bool is_inside(const std::string& name) {
  const std::filesystem::path path(name);
  if (path.is_absolute()) return false;
  for (const auto& part : path)
    if (part == "..") return false;
  return true;
}

}  // namespace

Result<ArtifactWriter> ArtifactWriter::create(const std::string& path, const std::string& kind,
                                              int schema_version, Sync sync) {
  ArtifactWriter writer;
  CROSSFADE_ASSIGN_OR_RETURN(writer.folder_, StagedFolder::create(path));
  writer.kind_ = kind;
  writer.schema_version_ = schema_version;
  writer.sync_ = sync;
  return writer;
}

Result<std::string> ArtifactWriter::make_place(const std::string& name) {
  CROSSFADE_CHECK(is_inside(name), "an artifact's file lies inside its folder: " + name);
  const std::string path = folder_.path() + "/" + name;
  CROSSFADE_RETURN_IF_ERROR(make_folder(std::filesystem::path(path).parent_path().string()));
  return path;
}

Status ArtifactWriter::close_column(const std::string& name, ColumnWriter& column) {
  CROSSFADE_ASSIGN_OR_RETURN(digests_[name], column.finish(sync_));
  return ok_status();
}

Status ArtifactWriter::add_strings(const std::string& name, const StringArray& strings) {
  CROSSFADE_RETURN_IF_ERROR(add<std::int64_t>(name + ".offsets.npy", strings.offsets()));
  return add<char>(name + ".bytes.npy", strings.bytes());
}

Status ArtifactWriter::commit() {
  CROSSFADE_ASSIGN_OR_RETURN(Json files, describe_files(folder_.path(), digests_));
  Json manifest = Json::object();
  manifest.set("kind", kind_)
      .set("schema", schema_version_)
      .set("engine", CROSSFADE_VERSION)
      .set("metadata", metadata_)
      .set("files", std::move(files));
  CROSSFADE_RETURN_IF_ERROR(
      write_file(folder_.path() + "/" + kManifest, seal_manifest(manifest), sync_));
  return folder_.commit();
}

Result<Artifact> Artifact::open(const std::string& path, const std::string& kind,
                                int newest_schema_version, Verify verify, ThreadPool* threads) {
  if (!path_exists(path)) return failed("there is no folder " + path);
  const std::string manifest_path = path + "/" + kManifest;
  if (!path_exists(manifest_path))
    return data_invalid(path + " is not a " + kind + ": it has no " + kManifest);
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(manifest_path));
  auto parsed = parse_json(text);
  if (!parsed.ok()) return parsed.status().at(manifest_path);
  Artifact artifact;
  artifact.path_ = path;
  artifact.fingerprint_ = sha256_hex(text);
  artifact.metadata_ = (*parsed)["metadata"];
  artifact.files_ = (*parsed)["files"];

  const auto found = parsed->string_at("kind");
  const auto schema = parsed->int_at("schema");
  if (!found.ok() || !schema.ok() || !artifact.files_.is_object() ||
      !(*parsed)["checksum"].as_string())
    return data_invalid(manifest_path + " is not the manifest of a " + kind);
  if (!is_sealed(text))
    return data_invalid(manifest_path + " is not what was written (its checksum differs)");
  if (*found != kind)
    return data_invalid(path + " is a " + *found + ", and a " + kind + " is needed here");
  if (*schema > newest_schema_version || *schema < 1)
    return data_invalid(path + " was written by another version of crossfade (schema " +
                        std::to_string(*schema) + ", this one reads up to " +
                        std::to_string(newest_schema_version) + ")");
  artifact.schema_version_ = static_cast<int>(*schema);
  for (const auto& [name, expected] : *artifact.files_.as_object())
    if (!is_inside(name)) return data_invalid(manifest_path + " names a file outside: " + name);
  CROSSFADE_RETURN_IF_ERROR(verify_files(path, *artifact.files_.as_object(), verify, threads));
  return artifact;
}

std::string Artifact::content_fingerprint() const {
  return sha256_hex(to_text(files_));
}

bool Artifact::has(const std::string& name) const {
  return files_.find(name) != nullptr;
}

Result<StringArray> Artifact::read_strings(const std::string& name) const {
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, read<std::int64_t>(name + ".offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto bytes, read<char>(name + ".bytes.npy"));
  StringArray strings(std::move(offsets.values), std::move(bytes.values));
  if (!strings.valid()) return data_invalid(path_of(name) + ": its offsets are damaged");
  return strings;
}

}  // namespace crossfade
