// whole_log: a log as one set of columns in memory, for whoever looks at it and keeps nothing.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"
#include "crossfade/io/schema.h"

namespace crossfade {

struct WholeLog {
  LogColumns columns;
  ImportReport report;
};

// All blocks of a LogStream (log_stream.h), one behind the other; 24 to 40 bytes per row. Repeated
// rows stay and are not looked for. Errors: those of the stream; a log without a usable row (data
// invalid).
Result<WholeLog> read_whole_log(const std::vector<std::string>& inputs, const LogSchema& schema,
                                Context& context);

}  // namespace crossfade
