// The manifest of a store and the order of writing that keeps it whole.
#include "crossfade/data/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/data/segment.h"

namespace crossfade {
namespace {

constexpr int kSchema = 1;

struct SegmentEntry {
  std::string folder;  // relative to the store
  std::string fingerprint;
};

struct Manifest {
  std::string fingerprint;  // of the whole dataset
  std::vector<SegmentEntry> segments;
};

std::string manifest_path(const std::string& store) {
  return store + "/manifest.json";
}

// The manifest guards itself by a checksum over its other members.
std::string manifest_text(const Manifest& manifest) {
  Json segments = Json::array();
  for (const SegmentEntry& entry : manifest.segments)
    segments.push(Json::object().set("folder", entry.folder).set("fingerprint", entry.fingerprint));
  Json json = Json::object();
  json.set("kind", "store")
      .set("schema", kSchema)
      .set("engine", CROSSFADE_VERSION)
      .set("fingerprint", manifest.fingerprint)
      .set("segments", std::move(segments));
  json.set("sha256", sha256_hex(to_text(json)));
  return to_pretty_text(json) + "\n";
}

Status check_head(const std::string& store, const Json& json) {
  const std::string file = manifest_path(store);
  const auto kind = json.string_at("kind");
  const auto schema = json.int_at("schema");
  if (!kind.ok() || !schema.ok()) return data_invalid(file + " is not a manifest of ours");
  if (*kind != "store") return data_invalid(store + " is a " + *kind + ", and a store is needed");
  if (*schema < 1 || *schema > kSchema)
    return data_invalid(store + " was written by another version of crossfade (schema " +
                        std::to_string(*schema) + ", this one reads up to " +
                        std::to_string(kSchema) + "); import the logs again");
  Json unsigned_json = Json::object();
  for (const auto& [name, value] : *json.as_object())
    if (name != "sha256") unsigned_json.set(name, value);
  const auto checksum = json.string_at("sha256");
  if (!checksum.ok() || *checksum != sha256_hex(to_text(unsigned_json)))
    return data_invalid(file + " is not what was written (its checksum differs)");
  return ok_status();
}

Result<Manifest> parse_manifest(const std::string& store, const std::string& text) {
  auto json = parse_json(text);
  if (!json.ok()) return json.status().at(manifest_path(store));
  CROSSFADE_RETURN_IF_ERROR(check_head(store, *json));
  Manifest manifest;
  const auto* segments = (*json)["segments"].as_array();
  const auto fingerprint = json->string_at("fingerprint");
  if (!segments || !fingerprint.ok())
    return data_invalid(manifest_path(store) + " is not a manifest of ours");
  manifest.fingerprint = *fingerprint;
  for (const Json& entry : *segments) {
    const auto folder = entry.string_at("folder");
    const auto print = entry.string_at("fingerprint");
    if (!folder.ok() || !print.ok() || folder->find("..") != std::string::npos)
      return data_invalid(manifest_path(store) + " names a segment that cannot be");
    manifest.segments.push_back({*folder, *print});
  }
  return manifest;
}

Result<std::string> read_manifest_text(const std::string& store) {
  if (!path_exists(store)) return failed("there is no folder " + store);
  if (!path_exists(manifest_path(store)))
    return data_invalid(store + " is not a store: it has no manifest.json");
  return read_file(manifest_path(store));
}

std::string segment_folder(std::size_t number, const std::string& domain) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%03zu", number);
  return std::string("segments/") + digits + "-" + domain;
}

// Writes one segment of `dataset` below `store` and adds it to the manifest in memory.
Status append_segment(const std::string& store, const Dataset& dataset, std::int64_t first_user,
                      const ImportReport& report, Manifest& manifest) {
  const std::size_t domain = manifest.segments.size();
  const std::string folder = segment_folder(domain, dataset.domains()[domain].name);
  const std::string path = store + "/" + folder;
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_RETURN_IF_ERROR(write_segment(path, dataset, domain, first_user, report));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path + "/manifest.json"));
  manifest.segments.push_back({folder, sha256_hex(text)});
  return ok_status();
}

// Excludes other writers of a store for as long as it lives; the system ends it with the program.
class WriterLock {
 public:
  static Result<WriterLock> take(const std::string& store) {
    WriterLock lock;
    lock.descriptor_ = ::open(store.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock.descriptor_ < 0) return errno_status("cannot open the store " + store, errno);
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0)
      return failed("another program is writing to " + store + "; try again when it is done");
    return lock;
  }
  WriterLock(WriterLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  WriterLock& operator=(WriterLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~WriterLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  WriterLock() = default;
  int descriptor_ = -1;
};

Status write_new_store(const std::string& path, const Dataset& dataset,
                       const std::vector<ImportReport>& reports) {
  CROSSFADE_RETURN_IF_ERROR(make_folder(path + "/segments"));
  Manifest manifest;
  manifest.fingerprint = dataset.fingerprint();
  for (std::size_t i = 0; i < dataset.domains().size(); ++i)
    CROSSFADE_RETURN_IF_ERROR(append_segment(path, dataset, i == 0 ? 0 : dataset.num_users(),
                                             reports.empty() ? ImportReport() : reports[i],
                                             manifest));
  return write_file(manifest_path(path), manifest_text(manifest));
}

// All users in index order. One segment's ids stay mapped; several are put together in memory.
Result<Vocabulary> join_users(const std::vector<Segment>& segments) {
  std::vector<const Vocabulary*> parts;
  for (const Segment& segment : segments)
    if (segment.new_users.size() > 0) parts.push_back(&segment.new_users);
  if (parts.empty()) return Vocabulary();
  if (parts.size() == 1) return *parts[0];
  std::vector<std::int64_t> numbers, offsets{0};
  std::vector<char> bytes;
  for (const Vocabulary* part : parts) {
    if (part->is_text() != parts[0]->is_text())
      return data_invalid("the users of one segment are numbers and of another text");
    numbers.insert(numbers.end(), part->numbers().begin(), part->numbers().end());
    const auto before = static_cast<std::int64_t>(bytes.size());
    bytes.insert(bytes.end(), part->texts().bytes().begin(), part->texts().bytes().end());
    for (std::size_t i = 1; i < part->texts().offsets().size(); ++i)
      offsets.push_back(before + part->texts().offsets()[i]);
  }
  if (!parts[0]->is_text()) return Vocabulary::checked(Array<std::int64_t>(std::move(numbers)));
  return Vocabulary::checked(StringArray(std::move(offsets), std::move(bytes)));
}

}  // namespace

Status create_store(const std::string& path, const Dataset& dataset,
                    const std::vector<ImportReport>& reports) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  if (dataset.domains().empty())
    return usage_error("there is nothing to store at " + path + ": the data has no domain");
  CROSSFADE_CHECK(reports.empty() || reports.size() == dataset.domains().size(),
                  "one import report per domain, or none");
  std::string target = path;
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  const std::string part = target + ".part-" + std::to_string(::getpid());
  CROSSFADE_RETURN_IF_ERROR(remove_tree(part));
  Status status = write_new_store(part, dataset, reports);
  if (status.ok()) status = refuse_existing(target);
  if (status.ok()) status = rename_path(part, target);
  if (!status.ok()) (void)remove_tree(part);
  return status;
}

Status add_domain(const Store& store, const Dataset& grown, const ImportReport& report) {
  CROSSFADE_CHECK(grown.domains().size() == store.dataset.domains().size() + 1 &&
                      grown.num_users() >= store.dataset.num_users(),
                  "add_domain takes the store's dataset grown by one domain");
  CROSSFADE_ASSIGN_OR_RETURN(const WriterLock lock, WriterLock::take(store.path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(store.path));
  if (sha256_hex(text) != store.manifest_sha256)
    return failed("the store " + store.path + " was changed by another program; start again");
  CROSSFADE_ASSIGN_OR_RETURN(Manifest manifest, parse_manifest(store.path, text));
  manifest.fingerprint = grown.fingerprint();
  CROSSFADE_RETURN_IF_ERROR(
      append_segment(store.path, grown, store.dataset.num_users(), report, manifest));
  return replace_file(manifest_path(store.path), manifest_text(manifest));
}

Result<Store> open_store(const std::string& path, Verify verify) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(path));
  CROSSFADE_ASSIGN_OR_RETURN(const Manifest manifest, parse_manifest(path, text));
  Store store;
  store.path = path;
  store.fingerprint = manifest.fingerprint;
  store.manifest_sha256 = sha256_hex(text);
  std::vector<Segment> segments;
  std::int64_t num_users = 0;
  for (const SegmentEntry& entry : manifest.segments) {
    const std::string folder = path + "/" + entry.folder;
    if (!path_exists(folder)) return data_invalid(folder + " is missing; the store is damaged");
    CROSSFADE_ASSIGN_OR_RETURN(Segment segment, read_segment(folder, verify));
    if (segment.fingerprint != entry.fingerprint)
      return data_invalid(folder + "/manifest.json is not the one that belongs to this store");
    if (segment.first_user != num_users)
      return data_invalid(folder + " starts at user " + std::to_string(segment.first_user) +
                          ", and there are " + std::to_string(num_users) + " before it");
    num_users += segment.new_users.size();
    segments.push_back(std::move(segment));
  }
  auto users = join_users(segments);
  if (!users.ok()) return users.status().at(path);
  std::vector<Domain> domains;
  for (Segment& segment : segments) {
    domains.push_back(std::move(segment.domain));
    store.reports.push_back(std::move(segment.report));
  }
  store.dataset = Dataset(*std::move(users), std::move(domains));
  CROSSFADE_RETURN_IF_ERROR(store.dataset.check().at(path));
  return store;
}

}  // namespace crossfade
