// remote_output: a result that goes to S3. It is made on the disk, in the cache folder, and
// uploaded when it is whole.
//
// The bytes of one object appear at once. Of a folder, the files come first and the manifests last,
// and while a new folder or a run is uploaded an object ADDRESS.upload says so, for which readers
// refuse it (remote_file.h); a folder that grows is what it was until its manifest is replaced. So
// no upload that ended early is taken for a whole one.
//
// What is made stays in the cache folder until it is uploaded. The same command, run again, goes on
// with the upload: `identity` says what the same is. Any other begins anew.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

enum class RemoteUse {
  kNew,      // nothing may be there
  kReplace,  // a file that takes the place of an earlier one
  kGrow,     // a folder that is there, and is changed
  kResume    // a folder that is there or not, and goes on: a run, a search
};

class RemoteOutput {
 public:
  // Looks at the address and writes an empty object beside it, so that what is denied shows before
  // the work.
  // A folder that is changed is fetched. Errors: an address without bucket or name, something is
  // there (kNew), a file is where a folder is needed (usage); nothing is there (kGrow), no such
  // bucket, access denied, a server that fails, another program writes there (failed); a full disk
  // (exhausted).
  static Result<RemoteOutput> open(const std::string& address, RemoteUse use, const Json& identity,
                                   Context& context);
  ~RemoteOutput();
  RemoteOutput(RemoteOutput&&) noexcept;
  RemoteOutput& operator=(RemoteOutput&&) noexcept;

  const std::string& address() const;
  // Where to make it, under the same name.
  const std::string& path() const;
  // What seal() was given by an earlier process, whose result only waits for its upload.
  const std::optional<std::string>& made() const;

  // The result at path() is whole; `said` is kept with it.
  Status seal(const std::string& said, Context& context);
  // Uploads what was sealed and removes it from the disk. Errors (failed): the server fails again
  // and again, access is denied, a folder that grows was changed by somebody else meanwhile;
  // interrupted. The result is kept for the next try, but where somebody else changed the folder.
  Status upload(Context& context);
  // Nothing was made: removes what was fetched and what is left, but for what the next try may go
  // on from: a run or a search that has come further, what an import left beside its place.
  void abandon();

 private:
  void remove_empty();
  struct State;
  explicit RemoteOutput(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
