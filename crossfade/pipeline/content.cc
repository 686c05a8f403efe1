// Stats files, hashes those that are new or changed on all threads, and folds the rest.
#include "crossfade/pipeline/content.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"

namespace crossfade {
namespace fs = std::filesystem;
namespace {

// Below this a copy costs less than it saves.
constexpr std::int64_t kSmallFile = 64 * 1024;

bool is_pattern(const std::string& path) {
  return path.find_first_of("*?[") != std::string::npos;
}

bool below(const std::string& name, const std::string& folder) {
  return name.size() > folder.size() && name.starts_with(folder) && name[folder.size()] == '/';
}

// Size, time and inode; the name is given.
Result<FileContent> stat_file(const std::string& path, std::string name) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return errno_status("cannot read " + path, errno);
  return FileContent{
      std::move(name), static_cast<std::int64_t>(facts.st_size),
      static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000'000 + facts.st_mtim.tv_nsec,
      static_cast<std::int64_t>(facts.st_ino), ""};
}

bool same_stat(const FileContent& a, const FileContent& b) {
  return a.bytes == b.bytes && a.changed_ns == b.changed_ns && a.inode == b.inode;
}

const FileContent* find_file(const Content& content, const std::string& name) {
  const auto found =
      std::lower_bound(content.files.begin(), content.files.end(), name,
                       [](const FileContent& file, const std::string& n) { return file.name < n; });
  return found != content.files.end() && found->name == name ? &*found : nullptr;
}

// Where the names of a path's files are relative to, and the names.
struct Listing {
  std::string folder;
  std::vector<std::string> names;
};

Result<Listing> list(const std::string& path) {
  if (is_folder(path)) {
    CROSSFADE_ASSIGN_OR_RETURN(auto names, list_files(path));
    return Listing{path, std::move(names)};
  }
  const fs::path file(path);
  if (path_exists(path)) return Listing{file.parent_path().string(), {file.filename().string()}};
  if (!is_pattern(path)) return failed("there is no file or folder " + path);
  fs::path folder = file;
  while (is_pattern(folder.string())) folder = folder.parent_path();
  Listing listing{folder.string(), {}};
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(listing.folder));
  const std::string pattern = fs::path(path).lexically_relative(folder).string();
  for (const std::string& name : names)
    if (::fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0) listing.names.push_back(name);
  if (listing.names.empty()) return failed("no file fits the pattern " + path);
  return listing;
}

Status hash_files(const std::string& folder, std::vector<FileContent>& files, ThreadPool& threads) {
  std::vector<Status> statuses(files.size());
  threads.parallel_for(static_cast<std::int64_t>(files.size()), 1,
                       [&](std::int64_t begin, std::int64_t, int) {
                         FileContent& file = files[static_cast<std::size_t>(begin)];
                         if (!file.sha256.empty()) return;
                         auto hash = sha256_hex_of_file((fs::path(folder) / file.name).string());
                         if (hash.ok())
                           file.sha256 = *std::move(hash);
                         else
                           statuses[static_cast<std::size_t>(begin)] = hash.status();
                       });
  for (const Status& status : statuses) CROSSFADE_RETURN_IF_ERROR(status);
  return ok_status();
}

}  // namespace

std::string Content::fingerprint() const {
  Sha256 sha;
  for (const FileContent& file : files) sha.update(file.name + "\n" + file.sha256 + "\n");
  return sha.finish_hex();
}

std::int64_t Content::bytes() const {
  std::int64_t sum = 0;
  for (const FileContent& file : files) sum += file.bytes;
  return sum;
}

Content Content::inside(const std::string& inner) const {
  if (inner.empty()) return *this;
  Content part;
  for (const FileContent& file : files) {
    if (file.name != inner && !below(file.name, inner)) continue;
    part.files.push_back(file);
    part.files.back().name = file.name == inner ? fs::path(inner).filename().string()
                                                : file.name.substr(inner.size() + 1);
  }
  return part;
}

Json to_json(const Content& content) {
  Json files = Json::array();
  for (const FileContent& file : content.files)
    files.push(Json::object()
                   .set("name", file.name)
                   .set("bytes", file.bytes)
                   .set("changed_ns", file.changed_ns)
                   .set("inode", file.inode)
                   .set("sha256", file.sha256));
  return files;
}

Content content_from_json(const Json& json) {
  Content content;
  if (!json.is_array()) return content;
  for (const Json& file : *json.as_array()) {
    const auto name = file.string_at("name"), sha256 = file.string_at("sha256");
    const auto bytes = file.int_at("bytes"), changed = file.int_at("changed_ns"),
               inode = file.int_at("inode");
    if (!name.ok() || !sha256.ok() || !bytes.ok() || !changed.ok() || !inode.ok()) return {};
    content.files.push_back({*name, *bytes, *changed, *inode, *sha256});
  }
  return content;
}

Result<Content> read_content(const std::string& path, const Content& before, ThreadPool& threads) {
  CROSSFADE_ASSIGN_OR_RETURN(const Listing listing, list(path));
  Content content;
  for (const std::string& name : listing.names) {
    CROSSFADE_ASSIGN_OR_RETURN(FileContent file,
                               stat_file((fs::path(listing.folder) / name).string(), name));
    const FileContent* known = find_file(before, name);
    if (known && same_stat(*known, file)) file.sha256 = known->sha256;
    content.files.push_back(std::move(file));
  }
  CROSSFADE_RETURN_IF_ERROR(hash_files(listing.folder, content.files, threads));
  return content;
}

Result<std::string> find_damage(const std::string& path, const Content& content, bool trust,
                                ThreadPool& threads) {
  if (content.files.empty()) return std::string("no file of it is known");
  const bool folder = is_folder(path);
  std::vector<FileContent> doubtful;
  for (const FileContent& file : content.files) {
    const auto now = stat_file(folder ? path + "/" + file.name : path, file.name);
    if (!now.ok()) return file.name + " is missing";
    if (now->bytes != file.bytes)
      return file.name + " has " + std::to_string(now->bytes) + " bytes, not " +
             std::to_string(file.bytes);
    if (!trust || !same_stat(*now, file)) doubtful.push_back(*now);
  }
  const std::string base = folder ? path : fs::path(path).parent_path().string();
  CROSSFADE_RETURN_IF_ERROR(hash_files(base, doubtful, threads));
  for (const FileContent& file : doubtful)
    if (file.sha256 != find_file(content, file.name)->sha256)
      return file.name + " is not what was written";
  return std::string();
}

Status clone_folder(const std::string& from, const std::string& to) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(from));
  for (const std::string& name : names) {
    const fs::path source = fs::path(from) / name, target = fs::path(to) / name;
    CROSSFADE_RETURN_IF_ERROR(make_folder(target.parent_path().string()));
    CROSSFADE_ASSIGN_OR_RETURN(const FileContent file, stat_file(source.string(), name));
    std::error_code error;
    if (file.bytes > kSmallFile) fs::create_hard_link(source, target, error);
    if (file.bytes <= kSmallFile || error) {
      error.clear();
      fs::copy_file(source, target, error);
    }
    if (error)
      return errno_status("cannot copy " + source.string() + " to " + target.string(),
                          error.value());
  }
  return ok_status();
}

}  // namespace crossfade
