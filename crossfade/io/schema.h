// LogSchema: which column of a file is what, and what its times are counted in.
//
// Published logs have presets, one small entry each in schema.cc; any other file is described
// column by column.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

// Of a time column of plain numbers, counted since 1970 UTC. A column of timestamps needs none.
enum class TimeUnit { kAuto, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds };

// Names as on the command line: auto, s, ms, us, ns.
Result<TimeUnit> parse_time_unit(const std::string& name);
// In words: "seconds".
std::string to_text(TimeUnit unit);
// Requires a unit other than kAuto.
std::int64_t ns_of(TimeUnit unit);

struct LogSchema {
  std::string name;  // of the preset; "" if the columns were named one by one
  std::string user = "", item = "";
  std::string time = "", weight = "", kind = "", session = "";  // "": the log has no such column
  TimeUnit time_unit = TimeUnit::kAuto;
  std::string summary = "";  // one line for --help
};

const std::vector<LogSchema>& schema_presets();

// What a person says about a file. "": not said; "none": there is no such column.
struct SchemaChoice {
  std::string preset = "";  // --schema
  std::string user = "", item = "", time = "", weight = "", kind = "", session = "";
  std::string time_unit = "";
};

// The preset with the said columns put over it. Without a preset user, item and time have to be
// said, the others are absent unless said. Errors (usage): an unknown preset or unit; a column that
// has to be said; user or item "none".
Result<LogSchema> choose_schema(const SchemaChoice& choice);

}  // namespace crossfade
