// What a command line names on S3 becomes a local copy before the command runs.
#pragma once

#include "crossfade/base/context.h"
#include "crossfade/base/path_names.h"
#include "crossfade/base/status.h"
#include "crossfade/cli/command.h"

namespace crossfade {

// Replaces every s3:// address among the parsed arguments by its copy (io/remote_file.h): files,
// stores, models, bundles. A log stays an address, because import fetches its files one by one.
// Gives the address of each copy, for all that a person reads. Errors: those of local_copy(); an
// output on S3 (usage).
Result<PathNames> fetch_remote_inputs(Command& command, Context& context);

}  // namespace crossfade
