// PathNames: names as a recipe has them instead of paths: "world/log.parquet", wherever run and
// data lie. So the same recipe says the same, and writes the same bytes, in every folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/json.h"

namespace crossfade {

// Longest first: {"/data/run/.crossfade/work/", ""}.
using PathNames = std::vector<std::pair<std::string, std::string>>;

// The text with those beginnings of paths replaced, wherever they stand in it.
std::string with_names(std::string text, const PathNames& names);
// Every text in `json` likewise.
Json with_names(const Json& json, const PathNames& names);

}  // namespace crossfade
