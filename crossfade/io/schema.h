// LogSchema: which column of a file is what, and what its times are counted in.
//
// Published logs have presets, one small entry each in schema_presets.cc; any other file is
// described column by column.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
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
// "30s", "500ms", "3min", "1h" or a plain number of seconds; nothing else, and not below 0.
Result<float> parse_seconds(const std::string& option, const std::string& text);

// A row's weight is that of a column, or of its kind, or of how long was listened; 1 otherwise.
struct LogSchema {
  std::string name;  // of the preset; "" if the columns were named one by one
  std::string user = "", item = "";
  std::string time = "", weight = "", kind = "", session = "";  // "": the log has no such column
  TimeUnit time_unit = TimeUnit::kAuto;
  bool ids_are_text = false;  // users and items, though a file has numbers
  std::string summary = "";   // one line for --help

  // The column of a row's place among rows of equal times, from 0 to kMostOrder: so many
  // nanoseconds are added to its time. Published logs may come without it (`order_is_optional`).
  std::string order = "";
  bool order_is_optional = false;

  // Of kinds: kind_names[n] is what number n is called (a column of text is numbered likewise, and
  // further names behind). Weights and the kinds that are kept ({}: all) are said by name or
  // number.
  std::vector<std::string> kind_names = {};
  std::vector<std::pair<std::string, float>> kind_weights = {};
  std::vector<std::string> only_kinds = {};

  // The column of how long was listened, in seconds. Less than `skip_under_s` is a skip, of weight
  // 0; `full_play_s` and more weighs 1, what lies between its share (0: every play weighs 1).
  std::string length = "";
  float skip_under_s = 30, full_play_s = 180;

  // Files are a service's logs of plays (play_line.h), whatever they are called.
  bool is_play_log = false;
  // A row of this kind is the last of its session; "": sessions are as the log says.
  std::string session_end = "";
};

// The columns that a schema names, in the order user, item, time, weight, kind, session, length,
// order.
std::vector<std::string> columns_of(const LogSchema& schema);

// Published logs; the list is in schema_presets.cc.
const std::vector<LogSchema>& schema_presets();

// What a person says about a file. "": not said; "none": there is no such column.
struct SchemaChoice {
  std::string preset = "";  // --schema
  std::string user = "", item = "", time = "", weight = "", kind = "", session = "";
  std::string time_unit = "", order = "";
  std::string ids = "";          // --ids text
  std::string weights = "";      // --weights click=1,cart=3,purchase=5
  std::string only_kinds = "";   // --only-kinds cart,purchase
  std::string play_length = "";  // --play-length, a column; --skip-under 30s, --full-play 3min
  std::string skip_under = "", full_play = "";
};

// The preset with the said columns put over it. Without a preset user, item and time have to be
// said, the others are absent unless said. Saying one way to weigh takes the preset's away. Errors
// (usage): an unknown preset or unit; a column that has to be said; user or item "none"; two ways
// to weigh; weights without a kind; an order without times; what is no number, list or duration.
Result<LogSchema> choose_schema(const SchemaChoice& choice);

}  // namespace crossfade
