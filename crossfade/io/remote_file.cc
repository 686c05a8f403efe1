// Objects are read in ranges, so that a fetch goes on where an earlier one ended.
#include "crossfade/io/remote_file.h"

#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace {

constexpr std::int64_t kPartBytes = 4 << 20;
constexpr int kTries = 2;  // the library has tried several times by then

RemoteFile to_remote(const arrow::fs::FileInfo& info) {
  RemoteFile file;
  file.path = remote_address(info.path());
  file.bytes = info.size();
  file.modified_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(info.mtime().time_since_epoch()).count();
  return file;
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
    CROSSFADE_ASSIGN_OR_RETURN(const RemoteFileSystem files, remote_file_system());
    Status status;
    for (int attempt = 0; attempt < kTries && done_ < file_.bytes; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(100 << attempt));
      status = read_on(*files, writer);
      if (is_lasting(status)) break;
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
    auto opened = files.OpenInputFile(remote_key(file_.path));
    if (!opened.ok()) return remote_error("read", file_.path, opened.status());
    const auto size = (*opened)->GetSize();
    if (!size.ok()) return remote_error("read", file_.path, size.status());
    if (*size != file_.bytes)
      return failed(file_.path + " was changed while it was read; start again");
    while (done_ < file_.bytes) {
      CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
      const std::int64_t wanted = std::min(kPartBytes, file_.bytes - done_);
      const auto part = (*opened)->ReadAt(done_, wanted);
      if (!part.ok()) return remote_error("read", file_.path, part.status());
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

// An output that is being uploaded, or was by a program that is no more.
Status refuse_half(arrow::fs::FileSystem& files, const std::string& address) {
  const std::string key = remote_key(address) + kUploadMark;
  const auto mark = files.GetFileInfo(key);
  if (!mark.ok() || !mark->IsFile()) return ok_status();  // asking may not be allowed
  return failed(address + " is not whole: its upload has not ended, which " + remote_address(key) +
                " says; run the command that writes it again");
}

// Where the copies of one state of an address lie.
std::string cache_place(const std::vector<RemoteFile>& files) {
  return cache_folder() + "/s3/" + state_of(files).substr(0, 24);
}

// The sentence with the address in place of the copy; where copies are is said by the folder that
// a person may empty or give another disk.
Status about_copy(const Status& status, const std::string& address, const std::string& copy) {
  if (status.ok()) return status;
  const std::string folder = std::filesystem::path(copy).parent_path().string();
  const std::string said = "the copy of " + address + " in " + cache_folder();
  return with_address(with_address(with_address(status, said, copy + ".part"), said, copy), said,
                      folder);
}

}  // namespace

Status fetch_remote(const std::vector<RemoteFile>& files, const std::string& base,
                    const std::string& place, Context& context) {
  std::int64_t bytes = 0;
  for (const RemoteFile& file : files) bytes += file.bytes;
  context.progress.begin("fetching " + base, bytes, "bytes");
  Status status;
  for (const RemoteFile& file : files) {
    const std::string below = file.path.substr(std::min(base.size(), file.path.size()));
    status = without_exceptions(Doing::kReading, file.path,
                                [&] { return Fetch(file, place + below, context).run(); });
    status = about_copy(status, file.path, place + below);
    if (!status.ok()) break;
  }
  context.progress.end();
  return status;
}

std::string state_of(const std::vector<RemoteFile>& files) {
  std::string state = remote_endpoint() + "\n";
  for (const RemoteFile& file : files)
    state += file.path + "\n" + std::to_string(file.bytes) + "\n" +
             std::to_string(file.modified_ns) + "\n";
  return sha256_hex(state);
}

Result<std::vector<RemoteFile>> list_remote(const std::string& path) {
  const std::string key = remote_key(path);
  if (key.empty() || key.front() == '/')
    return usage_error(path + " names no bucket; write s3://BUCKET/KEY");
  CROSSFADE_ASSIGN_OR_RETURN(const RemoteFileSystem files, remote_file_system());
  const auto info = files->GetFileInfo(key);
  if (!info.ok()) return remote_error("read", path, info.status());
  CROSSFADE_RETURN_IF_ERROR(refuse_half(*files, path));
  if (info->type() == arrow::fs::FileType::NotFound) return failed("there is no " + path);
  if (info->IsFile()) return std::vector<RemoteFile>{to_remote(*info)};
  arrow::fs::FileSelector below;
  below.base_dir = key;
  below.recursive = true;
  const auto found = files->GetFileInfo(below);
  if (!found.ok()) return remote_error("read", path, found.status());
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
  if (files.size() != 1 || files[0].path != remote_address(remote_key(path)))
    return failed(path + " is a folder, and a file is needed");
  return local_copy(files[0], context);
}

Result<std::string> local_copy(const RemoteFile& file, Context& context) {
  const std::size_t slash = file.path.rfind('/');
  const std::string base = file.path.substr(0, slash);
  const std::string place = cache_place({file});
  CROSSFADE_RETURN_IF_ERROR(fetch_remote({file}, base, place, context));
  return place + file.path.substr(slash);
}

Result<std::string> local_input(const std::string& path, Context& context) {
  if (!is_remote(path)) return path;
  CROSSFADE_ASSIGN_OR_RETURN(const auto files, list_remote(path));
  if (files.size() == 1 && files[0].path == remote_address(remote_key(path)))
    return local_copy(files[0], context);
  const std::string place = cache_place(files) + "/all";
  CROSSFADE_RETURN_IF_ERROR(fetch_remote(files, remote_address(remote_key(path)), place, context));
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
