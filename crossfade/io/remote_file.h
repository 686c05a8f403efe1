// remote_file: what lies on S3, copied to a local cache before it is read.
//
// Addresses are s3://BUCKET/KEY. Keys, region and endpoint come from the environment
// (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL,
// ...). A copy is fetched in parts beside its place and renamed when it is whole; a fetch that
// ended early goes on where it stopped. A copy is kept as long as the object has the same size and
// time, in $CROSSFADE_CACHE, or crossfade/ in $XDG_CACHE_HOME or ~/.cache.
//
// Arrow's S3 library is loaded when the first address is met, so programs that read local files
// start as fast as ever.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"

namespace crossfade {

// Beside an address while what belongs there is uploaded (remote_output.h).
inline constexpr const char* kUploadMark = ".upload";

struct RemoteFile {
  std::string path;  // s3://BUCKET/KEY
  std::int64_t bytes = 0, modified_ns = 0;
};

// The objects below an address, sorted; the object itself if it is one. Errors (failed): nothing is
// there, access is denied, the server cannot be reached or fails again and again; an address
// without a bucket (usage); an output whose upload has not ended.
Result<std::vector<RemoteFile>> list_remote(const std::string& path);

// The local copy of one object; a local path is itself. Errors: those of list_remote(); a body that
// ends early again and again, or that changes while it is fetched (failed); a full disk
// (exhausted); interrupted.
Result<std::string> local_copy(const std::string& path, Context& context);
Result<std::string> local_copy(const RemoteFile& file, Context& context);

// The local copy of all objects below an address: a store, a model, a bundle; of one object if it
// is one.
Result<std::string> local_input(const std::string& path, Context& context);

// The state of what lies at an address, as a hash: other objects, sizes or times are another one.
std::string state_of(const std::vector<RemoteFile>& files);

// Copies objects below the address `base` to the same places below the folder `place`; what is
// there already stays, and what came in part goes on. Errors: those of local_copy().
Status fetch_remote(const std::vector<RemoteFile>& files, const std::string& base,
                    const std::string& place, Context& context);

// The sentence with the address in place of its local copy.
Status with_address(const Status& status, const std::string& path, const std::string& copy);

}  // namespace crossfade
