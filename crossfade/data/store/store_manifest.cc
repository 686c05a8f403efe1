// The manifest as text, in a fixed order, sealed by base/manifest.h. Schema 1 had another seal, its
// own member, and no attachments.
#include "crossfade/data/store/store_manifest.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/manifest.h"
#include "crossfade/data/store/segment.h"

namespace crossfade {
namespace {

constexpr int kSchema = 2;

bool is_whole(const Json& json, const std::string& text, std::int64_t schema) {
  if (schema > 1) return is_sealed(text);
  Json others = Json::object();
  for (const auto& [name, value] : *json.as_object())
    if (name != "sha256") others.set(name, value);
  const auto checksum = json.string_at("sha256");
  return checksum.ok() && *checksum == sha256_hex(to_text(others));
}

Status check_head(const std::string& store, const Json& json, const std::string& text) {
  const std::string file = manifest_path(store);
  const auto kind = json.string_at("kind");
  const auto schema = json.int_at("schema");
  if (!kind.ok() || !schema.ok()) return data_invalid(file + " is not a manifest of ours");
  if (*kind != "store") return data_invalid(store + " is a " + *kind + ", and a store is needed");
  if (*schema < 1 || *schema > kSchema)
    return data_invalid(store + " was written by another version of crossfade (schema " +
                        std::to_string(*schema) + ", this one reads up to " +
                        std::to_string(kSchema) + "); import the logs again");
  if (!is_whole(json, text, *schema))
    return data_invalid(file + " is not what was written (its checksum differs)");
  return ok_status();
}

Json to_json(const std::vector<StoreManifest::Folder>& folders) {
  Json json = Json::array();
  for (const StoreManifest::Folder& entry : folders)
    json.push(Json::object()
                  .set("folder", entry.folder)
                  .set("domain", entry.domain)
                  .set("fingerprint", entry.fingerprint));
  return json;
}

Result<std::vector<StoreManifest::Folder>> folders_from(const std::string& store,
                                                        const Json& json) {
  std::vector<StoreManifest::Folder> folders;
  const auto* list = json.as_array();
  if (!list) return folders;
  for (const Json& entry : *list) {
    const auto folder = entry.string_at("folder");
    const auto print = entry.string_at("fingerprint");
    if (!folder.ok() || !print.ok() || folder->find("..") != std::string::npos)
      return data_invalid(manifest_path(store) + " names a folder that cannot be");
    const auto* domain = entry["domain"].as_string();
    folders.push_back({*folder, domain ? *domain : "", *print});
  }
  return folders;
}

}  // namespace

std::string manifest_path(const std::string& store) {
  return store + "/manifest.json";
}

std::string manifest_text(const StoreManifest& manifest) {
  Json json = Json::object();
  json.set("kind", "store")
      .set("schema", kSchema)
      .set("engine", CROSSFADE_VERSION)
      .set("fingerprint", manifest.fingerprint)
      .set("segments", to_json(manifest.segments));
  if (!manifest.attachments.empty()) json.set("attachments", to_json(manifest.attachments));
  return seal_manifest(json);
}

Result<StoreManifest> parse_manifest(const std::string& store, const std::string& text) {
  auto json = parse_json(text);
  if (!json.ok()) return json.status().at(manifest_path(store));
  CROSSFADE_RETURN_IF_ERROR(check_head(store, *json, text));
  StoreManifest manifest;
  const auto fingerprint = json->string_at("fingerprint");
  if (!fingerprint.ok() || !(*json)["segments"].as_array())
    return data_invalid(manifest_path(store) + " is not a manifest of ours");
  manifest.fingerprint = *fingerprint;
  CROSSFADE_ASSIGN_OR_RETURN(manifest.segments, folders_from(store, (*json)["segments"]));
  CROSSFADE_ASSIGN_OR_RETURN(manifest.attachments, folders_from(store, (*json)["attachments"]));
  return manifest;
}

Result<std::string> read_manifest_text(const std::string& store) {
  if (!path_exists(store)) return failed("there is no folder " + store);
  if (!path_exists(manifest_path(store)))
    return data_invalid(store + " is not a store: it has no manifest.json");
  return read_file(manifest_path(store));
}

std::string next_fingerprint(const std::string& before, const std::string& domain,
                             const std::string& content) {
  return sha256_hex(before + "\n" + domain + "\n" + content);
}

Status note_segment(const std::string& store, const std::string& folder, const std::string& domain,
                    StoreManifest& manifest) {
  CROSSFADE_ASSIGN_OR_RETURN(const Segment written,
                             read_segment(store + "/" + folder, Verify::kSizes));
  manifest.segments.push_back({folder, domain, written.fingerprint});
  manifest.fingerprint = next_fingerprint(manifest.fingerprint, domain, written.content);
  return ok_status();
}

std::string next_segment_folder(const StoreManifest& manifest, const std::string& domain) {
  constexpr std::string_view kStart = "segments/";
  long number = 0;
  for (const StoreManifest::Folder& entry : manifest.segments)
    if (entry.folder.starts_with(kStart))
      number = std::max(number, std::atol(entry.folder.c_str() + kStart.size()) + 1);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%03ld", number);
  return std::string(kStart) + digits + "-" + domain;
}

Result<WriterLock> WriterLock::take(const std::string& folder) {
  WriterLock lock;
  lock.descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock.descriptor_ < 0) return errno_status("cannot open " + folder, errno);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0)
    return failed("another program is writing to " + folder + "; try again when it is done");
  return lock;
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace crossfade
