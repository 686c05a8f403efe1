// TOML: settings that people write, as Json, with the line of every key for the sentences about
// them.
//
// The parser stands in toml.cc, because the library behind it is slow to compile. Dates and times
// become text as they were written.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

struct TomlDocument {
  Json root;  // an object; tables are objects, members in the order of the file
  // The line (from 1) of every table and key by its dotted path: "train.als.factors".
  std::map<std::string, std::int64_t> lines;
};

// TOML 1.0. Errors (data invalid) name line and column.
Result<TomlDocument> parse_toml(std::string_view text);
// One value as it stands behind '=': 64, 0.5, true, "text", ["a", "b"]. What is none is taken as
// text, so that quotes are not needed on a command line.
Json parse_toml_value(const std::string& text);

}  // namespace crossfade
