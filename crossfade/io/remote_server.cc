// One file system for the process, made when the first address is met.
#include "crossfade/io/remote_server.h"

#include <arrow/filesystem/filesystem.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <utility>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

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

Result<RemoteFileSystem> make_file_system() {
  const std::string library = find_library();
  if (path_exists(library)) {
    const arrow::Status loaded = arrow::fs::LoadFileSystemFactories(library.c_str());
    if (!loaded.ok()) return failed("cannot load " + library + ": " + loaded.message());
  }
  std::string uri = "s3://";
  std::string options = "?";
  if (const std::string server = remote_endpoint(); !server.empty()) {
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
  if (!made.ok()) return failed("this build does not know S3: " + made.status().message());
  return *std::move(made);
}

// One for the process, because making it takes a while; close_remote() ends it.
struct OneFileSystem {
  std::mutex mutex;
  RemoteFileSystem made;
};

OneFileSystem& one_file_system() {
  static OneFileSystem one;
  return one;
}

}  // namespace

Result<RemoteFileSystem> remote_file_system() {
  OneFileSystem& one = one_file_system();
  const std::lock_guard<std::mutex> lock(one.mutex);
  if (!one.made) {
    CROSSFADE_ASSIGN_OR_RETURN(one.made, make_file_system());
  }
  return one.made;
}

std::string remote_endpoint() {
  const std::string of_s3 = environment("AWS_ENDPOINT_URL_S3");
  return of_s3.empty() ? environment("AWS_ENDPOINT_URL") : of_s3;
}

std::string remote_key(const std::string& address) {
  std::string key = address.substr(kScheme.size());
  while (!key.empty() && key.back() == '/') key.pop_back();
  return key;
}

std::string remote_address(const std::string& key) {
  return std::string(kScheme) + key;
}

bool is_remote(const std::string& path) {
  return path.starts_with(kScheme);
}

std::string cache_folder() {
  if (const std::string said = environment("CROSSFADE_CACHE"); !said.empty()) return said;
  if (const std::string base = environment("XDG_CACHE_HOME"); !base.empty())
    return base + "/crossfade";
  const std::string home = environment("HOME");
  return (home.empty() ? "/tmp" : home + "/.cache") + "/crossfade";
}

Status remote_error(const std::string& doing, const std::string& address,
                    const arrow::Status& status) {
  const std::string& reason = status.message();
  const auto says = [&](const char* word) { return reason.find(word) != std::string::npos; };
  if (says("ACCESS_DENIED") || says("Access Denied") || says("403") || says("FORBIDDEN"))
    return failed("access to " + address +
                  " is denied; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the rights of "
                  "the bucket");
  if (doing == "write" && (says("NO_SUCH_BUCKET") || says("NoSuchBucket") || says("404"))) {
    const std::string key = remote_key(address);
    return failed("there is no bucket " + key.substr(0, key.find('/')) + " for " + address +
                  "; make it first, or name another");
  }
  if (says("NO_SUCH_BUCKET") || says("Path does not exist") || says("NO_SUCH_KEY") || says("404"))
    return failed("there is no " + address);
  return failed("cannot " + doing + " " + address + ": " + reason.substr(0, 300) +
                "; run the command again, it goes on where it stopped");
}

bool is_lasting(const Status& status) {
  return status.message().find("is denied") != std::string::npos ||
         status.message().starts_with("there is no ") ||
         status.kind() == StatusKind::kInterrupted || status.kind() == StatusKind::kExhausted;
}

void close_remote() {
  OneFileSystem& one = one_file_system();
  const std::lock_guard<std::mutex> lock(one.mutex);
  if (!one.made) return;
  one.made.reset();
  arrow::fs::EnsureFinalized();
}

}  // namespace crossfade
