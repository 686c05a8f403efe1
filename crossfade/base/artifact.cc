// The manifest is JSON in a fixed order, so equal content gives equal bytes and an equal
// fingerprint.
#include "crossfade/base/artifact.h"

#include <filesystem>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/mapped_file.h"

namespace crossfade {
namespace {

constexpr const char* kManifest = "manifest.json";
// A manifest opens with the SHA-256 of its own text, taken with these digits as zeros.
constexpr std::string_view kChecksumStart = "{\n  \"checksum\": \"";
constexpr std::size_t kChecksumDigits = 64;

// The text with its checksum, which to_pretty_text() has put first, filled in.
std::string seal(std::string text) {
  CROSSFADE_CHECK(text.starts_with(kChecksumStart), "a manifest's checksum is its first member");
  text.replace(kChecksumStart.size(), kChecksumDigits, std::string(kChecksumDigits, '0'));
  return text.replace(kChecksumStart.size(), kChecksumDigits, sha256_hex(text));
}

Result<Json> describe_files(const std::string& folder) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(folder));
  Json files = Json::object();
  for (const std::string& name : names) {
    CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(folder + "/" + name));
    files.set(name, Json::object()
                        .set("bytes", static_cast<std::int64_t>(file.bytes().size()))
                        .set("sha256", sha256_hex(file.bytes())));
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
                                              int schema_version) {
  ArtifactWriter writer;
  CROSSFADE_ASSIGN_OR_RETURN(writer.folder_, StagedFolder::create(path));
  writer.kind_ = kind;
  writer.schema_version_ = schema_version;
  return writer;
}

Result<std::string> ArtifactWriter::make_place(const std::string& name) {
  CROSSFADE_CHECK(is_inside(name), "an artifact's file lies inside its folder: " + name);
  const std::string path = folder_.path() + "/" + name;
  CROSSFADE_RETURN_IF_ERROR(make_folder(std::filesystem::path(path).parent_path().string()));
  return path;
}

Status ArtifactWriter::add_text(const std::string& name, std::string_view bytes) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string path, make_place(name));
  return write_file(path, bytes);
}

Status ArtifactWriter::add_strings(const std::string& name, const StringArray& strings) {
  CROSSFADE_RETURN_IF_ERROR(add<std::int64_t>(name + ".offsets.npy", strings.offsets()));
  return add<char>(name + ".bytes.npy", strings.bytes());
}

Status ArtifactWriter::commit() {
  CROSSFADE_ASSIGN_OR_RETURN(Json files, describe_files(folder_.path()));
  Json manifest = Json::object();
  manifest.set("checksum", std::string(kChecksumDigits, '0'))
      .set("kind", kind_)
      .set("schema", schema_version_)
      .set("engine", CROSSFADE_VERSION)
      .set("metadata", metadata_)
      .set("files", std::move(files));
  CROSSFADE_RETURN_IF_ERROR(
      write_file(folder_.path() + "/" + kManifest, seal(to_pretty_text(manifest))));
  return folder_.commit();
}

Result<Artifact> Artifact::open(const std::string& path, const std::string& kind,
                                int newest_schema_version, Verify verify) {
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
      !text.starts_with(kChecksumStart))
    return data_invalid(manifest_path + " is not the manifest of a " + kind);
  if (text != seal(text))
    return data_invalid(manifest_path + " is not what was written (its checksum differs)");
  if (*found != kind)
    return data_invalid(path + " is a " + *found + ", and a " + kind + " is needed here");
  if (*schema > newest_schema_version || *schema < 1)
    return data_invalid(path + " was written by another version of crossfade (schema " +
                        std::to_string(*schema) + ", this one reads up to " +
                        std::to_string(newest_schema_version) + ")");
  artifact.schema_version_ = static_cast<int>(*schema);
  for (const auto& [name, expected] : *artifact.files_.as_object()) {
    if (!is_inside(name)) return data_invalid(manifest_path + " names a file outside: " + name);
    CROSSFADE_RETURN_IF_ERROR(verify_file(artifact.path_of(name), expected, verify));
  }
  return artifact;
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
