// What a command line names on S3: inputs become local copies before the command runs, outputs are
// made on the disk and uploaded behind it. The only place of the command line that knows of S3.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/base/status.h"
#include "crossfade/cli/command.h"
#include "crossfade/io/remote_output.h"

namespace crossfade {

// Replaces every s3:// address among the parsed arguments that is read by its copy
// (io/remote_file.h): files, stores, models, bundles. A log stays an address, because import
// fetches its files one by one. Gives the address of each copy, for all that a person reads.
// Errors: those of local_copy(); a log that grows line by line (usage).
Result<PathNames> fetch_remote_inputs(Command& command, Context& context);

// The outputs of a command that are addresses (io/remote_output.h), and the command with them.
class RemoteOutputs {
 public:
  // Replaces those addresses among the parsed arguments by places on the disk. `json` is part of
  // what makes two commands the same. Errors: those of RemoteOutput::open(); two of them in one
  // command (usage).
  static Result<RemoteOutputs> open(Command& command, bool json, Context& context);

  // The address of the place, for all that a person reads.
  PathNames names() const;
  // Runs the command, unless an earlier process did and only its upload is missing, and uploads;
  // a dry run uploads nothing. What the command prints comes when all of it is there. Without such
  // outputs this is run().
  Status run(Command& command, Session& session);

 private:
  std::vector<RemoteOutput> outputs_;  // none or one
  bool is_dry_run_ = false;            // nothing is made, so that nothing is uploaded
};

}  // namespace crossfade
