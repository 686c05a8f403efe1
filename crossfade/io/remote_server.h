// remote_server: the S3 server that the environment names, as Arrow's file system; what reading
// (remote_file.h) and writing (remote_output.h) share.
#pragma once

#include <memory>
#include <string>

#include "crossfade/base/status.h"

namespace arrow {
class Status;
namespace fs {
class FileSystem;
}
}  // namespace arrow

namespace crossfade {

using RemoteFileSystem = std::shared_ptr<arrow::fs::FileSystem>;

// One for the process, because making it takes a while; close_remote() ends it. Errors (failed):
// this build has no S3 library, the environment names no server.
Result<RemoteFileSystem> remote_file_system();

// The server's address if it is not Amazon's, else "".
std::string remote_endpoint();

// Whether a path is an address on S3.
bool is_remote(const std::string& path);
// "BUCKET/KEY", as Arrow names s3://BUCKET/KEY/.
std::string remote_key(const std::string& address);
// The address of such a key.
std::string remote_address(const std::string& key);

// $CROSSFADE_CACHE, or crossfade/ in $XDG_CACHE_HOME or ~/.cache.
std::string cache_folder();

// What the server or the library says, without its wrapping. `doing` is "read" or "write".
Status remote_error(const std::string& doing, const std::string& address,
                    const arrow::Status& status);
// Whether asking again is of no use: access is denied, there is no such thing, a full disk, a stop.
bool is_lasting(const Status& status);

// Ends what was started for S3, before the program returns from main: the library must not outlive
// what it stands on. Harmless where no address was met.
void close_remote();

}  // namespace crossfade
