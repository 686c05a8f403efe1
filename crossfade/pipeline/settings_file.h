// Settings in a file: "name=value" lines, '#' begins a comment. tune writes it, train reads it.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

Status write_settings(const std::string& path, const std::string& comment,
                      const std::vector<std::string>& settings);
// Errors: the file cannot be read; a line that is no setting (data invalid, names it).
Result<std::vector<std::string>> read_settings(const std::string& path);

}  // namespace crossfade
