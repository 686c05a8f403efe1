// One file system for the process, made when it is needed; objects are read in ranges.
#include "crossfade/io/remote_file.h"

#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"

namespace crossfade {
namespace {

constexpr std::int64_t kPartBytes = 4 << 20;
constexpr int kTries = 2;  // the library has tried several times by then
constexpr std::string_view kScheme = "s3://";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// The library that lies beside the one that holds Arrow itself.
std::string find_library() {
  ::Dl_info place{};
  if (::dladdr(reinterpret_cast<const void*>(&arrow::fs::LoadFileSystemFactories), &place) == 0)
    return "";
  const std::filesystem::path arrow(place.dli_fname);
  const std::string name = arrow.filename().string();
  const std::string end = name.substr(std::min(name.find(".so"), name.size()));
  return (arrow.parent_path() / ("libarrow_s3" + end)).string();
}

// What the server or the library says, without its wrapping.
Status remote_error(const std::string& path, const arrow::Status& status) {
  const std::string& reason = status.message();
  const auto says = [&](const char* word) { return reason.find(word) != std::string::npos; };
  if (says("ACCESS_DENIED") || says("Access Denied") || says("403") || says("FORBIDDEN"))
    return failed("access to " + path +
                  " is denied; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the rights of "
                  "the bucket");
  if (says("NO_SUCH_BUCKET") || says("Path does not exist") || says("NO_SUCH_KEY") || says("404"))
    return failed("there is no " + path);
  return failed("cannot read " + path + ": " + reason.substr(0, 300) +
                "; run the command again, it goes on where it stopped");
}

using FileSystem = std::shared_ptr<arrow::fs::FileSystem>;

// Of the server, if it is not Amazon's.
std::string endpoint() {
  const std::string of_s3 = environment("AWS_ENDPOINT_URL_S3");
  return of_s3.empty() ? environment("AWS_ENDPOINT_URL") : of_s3;
}

Result<FileSystem> make_file_system() {
  const std::string library = find_library();
  if (path_exists(library)) {
    const arrow::Status loaded = arrow::fs::LoadFileSystemFactories(library.c_str());
    if (!loaded.ok()) return failed("cannot load " + library + ": " + loaded.message());
  }
  std::string uri = "s3://";
  std::string options = "?";
  if (const std::string server = endpoint(); !server.empty()) {
    const std::size_t colon = server.find("://");
    const std::string scheme = colon == std::string::npos ? "https" : server.substr(0, colon);
    std::string host = colon == std::string::npos ? server : server.substr(colon + 3);
    while (!host.empty() && host.back() == '/') host.pop_back();
    options += "scheme=" + scheme + "&endpoint_override=" + host + "&";
  }
  std::string region = environment("AWS_REGION");
  if (region.empty()) region = environment("AWS_DEFAULT_REGION");
  options += "region=" + (region.empty() ? "us-east-1" : region);
  auto made = arrow::fs::FileSystemFromUri(uri + options);
  if (!made.ok()) return failed("this build cannot read from S3: " + made.status().message());
  return *std::move(made);
}

// One for the process, because making it takes a while; close_remote() ends it.
struct OneFileSystem {
  std::mutex mutex;
  FileSystem made;
};

OneFileSystem& one_file_system() {
  static OneFileSystem one;
  return one;
}

Result<FileSystem> file_system() {
  OneFileSystem& one = one_file_system();
  const std::lock_guard<std::mutex> lock(one.mutex);
  if (!one.made) {
    CROSSFADE_ASSIGN_OR_RETURN(one.made, make_file_system());
  }
  return one.made;
}

// "BUCKET/KEY", as Arrow names it.
std::string key_of(const std::string& path) {
  std::string key = path.substr(kScheme.size());
  while (!key.empty() && key.back() == '/') key.pop_back();
  return key;
}

RemoteFile to_remote(const arrow::fs::FileInfo& info) {
  RemoteFile file;
  file.path = std::string(kScheme) + info.path();
  file.bytes = info.size();
  file.modified_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(info.mtime().time_since_epoch()).count();
  return file;
}

std::string cache_folder() {
  if (const std::string said = environment("CROSSFADE_CACHE"); !said.empty()) return said;
  if (const std::string base = environment("XDG_CACHE_HOME"); !base.empty())
    return base + "/crossfade";
  const std::string home = environment("HOME");
  return (home.empty() ? "/tmp" : home + "/.cache") + "/crossfade";
}

// Fetches one object to `target`, which is there afterwards as a whole or not at all.
class Fetch {
 public:
  Fetch(const RemoteFile& file, std::string target, Context& context)
      : file_(file), target_(std::move(target)), part_(target_ + ".part"), context_(context) {}

  Status run() {
    if (path_exists(target_)) return ok_status();
    CROSSFADE_RETURN_IF_ERROR(make_folder(std::filesystem::path(target_).parent_path().string()));
    CROSSFADE_ASSIGN_OR_RETURN(FileWriter writer, FileWriter::create(part_, /*append=*/true));
    CROSSFADE_RETURN_IF_ERROR(writer.lock());
    std::error_code error;
    done_ = static_cast<std::int64_t>(std::filesystem::file_size(part_, error));
    if (error || done_ > file_.bytes) {
      done_ = 0;
      CROSSFADE_RETURN_IF_ERROR(writer.truncate(0));
    }
    CROSSFADE_ASSIGN_OR_RETURN(const FileSystem files, file_system());
    Status status;
    for (int attempt = 0; attempt < kTries && done_ < file_.bytes; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100 << attempt));
      status = read_on(*files, writer);
      const bool lasting = status.message().find("is denied") != std::string::npos ||
                           status.message().starts_with("there is no ");
      if (lasting || status.kind() == StatusKind::kInterrupted ||
          status.kind() == StatusKind::kExhausted)
        break;
    }
    // What has come stays beside, so that the next try goes on from there.
    CROSSFADE_RETURN_IF_ERROR(status);
    if (done_ < file_.bytes)
      return failed(file_.path + " ended after " + format_count(done_) + " of " +
                    format_count(file_.bytes) +
                    " bytes; run the command again, it goes on where it stopped");
    CROSSFADE_RETURN_IF_ERROR(writer.close());
    return rename_path(part_, target_);
  }

 private:
  Status read_on(arrow::fs::FileSystem& files, FileWriter& writer) {
    auto opened = files.OpenInputFile(key_of(file_.path));
    if (!opened.ok()) return remote_error(file_.path, opened.status());
    const auto size = (*opened)->GetSize();
    if (!size.ok()) return remote_error(file_.path, size.status());
    if (*size != file_.bytes)
      return failed(file_.path + " was changed while it was read; start again");
    while (done_ < file_.bytes) {
      CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
      const std::int64_t wanted = std::min(kPartBytes, file_.bytes - done_);
      const auto part = (*opened)->ReadAt(done_, wanted);
      if (!part.ok()) return remote_error(file_.path, part.status());
      if ((*part)->size() == 0) return ok_status();
      CROSSFADE_RETURN_IF_ERROR(writer.write({reinterpret_cast<const char*>((*part)->data()),
                                              static_cast<std::size_t>((*part)->size())}));
      done_ += (*part)->size();
      context_.progress.advance((*part)->size());
    }
    return ok_status();
  }

  const RemoteFile& file_;
  const std::string target_, part_;
  Context& context_;
  std::int64_t done_ = 0;
};

// Where the copies of one state of an address lie.
std::string cache_place(const std::vector<RemoteFile>& files) {
  std::string identity = endpoint() + "\n";
  for (const RemoteFile& file : files)
    identity += file.path + "\n" + std::to_string(file.bytes) + "\n" +
                std::to_string(file.modified_ns) + "\n";
  return cache_folder() + "/s3/" + sha256_hex(identity).substr(0, 24);
}

Status fetch_all(const std::vector<RemoteFile>& files, const std::string& base,
                 const std::string& place, Context& context) {
  std::int64_t bytes = 0;
  for (const RemoteFile& file : files) bytes += file.bytes;
  context.progress.begin("fetching " + base, bytes, "bytes");
  Status status;
  for (const RemoteFile& file : files) {
    const std::string below = file.path.substr(std::min(base.size(), file.path.size()));
    status = without_exceptions(Doing::kReading, file.path,
                                [&] { return Fetch(file, place + below, context).run(); });
    if (!status.ok()) break;
  }
  context.progress.end();
  return status;
}

}  // namespace

void close_remote() {
  OneFileSystem& one = one_file_system();
  const std::lock_guard<std::mutex> lock(one.mutex);
  if (!one.made) return;
  one.made.reset();
  arrow::fs::EnsureFinalized();
}

bool is_remote(const std::string& path) {
  return path.starts_with(kScheme);
}

Result<std::vector<RemoteFile>> list_remote(const std::string& path) {
  const std::string key = key_of(path);
  if (key.empty() || key.front() == '/')
    return usage_error(path + " names no bucket; write s3://BUCKET/KEY");
  CROSSFADE_ASSIGN_OR_RETURN(const FileSystem files, file_system());
  const auto info = files->GetFileInfo(key);
  if (!info.ok()) return remote_error(path, info.status());
  if (info->type() == arrow::fs::FileType::NotFound) return failed("there is no " + path);
  if (info->IsFile()) return std::vector<RemoteFile>{to_remote(*info)};
  arrow::fs::FileSelector below;
  below.base_dir = key;
  below.recursive = true;
  const auto found = files->GetFileInfo(below);
  if (!found.ok()) return remote_error(path, found.status());
  std::vector<RemoteFile> listed;
  for (const arrow::fs::FileInfo& entry : *found)
    if (entry.IsFile()) listed.push_back(to_remote(entry));
  if (listed.empty()) return failed("there is nothing at " + path);
  std::sort(listed.begin(), listed.end(),
            [](const RemoteFile& a, const RemoteFile& b) { return a.path < b.path; });
  return listed;
}

Result<std::string> local_copy(const std::string& path, Context& context) {
  if (!is_remote(path)) return path;
  CROSSFADE_ASSIGN_OR_RETURN(const auto files, list_remote(path));
  if (files.size() != 1 || files[0].path != std::string(kScheme) + key_of(path))
    return failed(path + " is a folder, and a file is needed");
  return local_copy(files[0], context);
}

Result<std::string> local_copy(const RemoteFile& file, Context& context) {
  const std::size_t slash = file.path.rfind('/');
  const std::string base = file.path.substr(0, slash);
  const std::string place = cache_place({file});
  CROSSFADE_RETURN_IF_ERROR(fetch_all({file}, base, place, context));
  return place + file.path.substr(slash);
}

Result<std::string> local_input(const std::string& path, Context& context) {
  if (!is_remote(path)) return path;
  CROSSFADE_ASSIGN_OR_RETURN(const auto files, list_remote(path));
  if (files.size() == 1 && files[0].path == std::string(kScheme) + key_of(path))
    return local_copy(path, context);
  const std::string place = cache_place(files) + "/all";
  CROSSFADE_RETURN_IF_ERROR(fetch_all(files, std::string(kScheme) + key_of(path), place, context));
  return place;
}

Status with_address(const Status& status, const std::string& path, const std::string& copy) {
  if (status.ok() || path == copy) return status;
  std::string text = status.message();
  for (std::size_t at = text.find(copy); at != std::string::npos; at = text.find(copy, at + 1))
    text.replace(at, copy.size(), path);
  return Status(status.kind(), std::move(text));
}

}  // namespace crossfade
