// One line per setting.
#include "crossfade/pipeline/settings_file.h"

#include "crossfade/base/file.h"
#include "crossfade/base/knobs.h"
#include "crossfade/base/text.h"

namespace crossfade {

Status write_settings(const std::string& path, const std::string& comment,
                      const std::vector<std::string>& settings) {
  std::string text = "# " + comment + "\n";
  for (const std::string& setting : settings) text += setting + "\n";
  return write_file(path, text);
}

Result<std::vector<std::string>> read_settings(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  std::vector<std::string> settings;
  std::int64_t number = 0;
  for (std::string line : split(text, '\n')) {
    ++number;
    line = line.substr(0, line.find('#'));
    line.erase(0, line.find_first_not_of(" \t\r"));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty()) continue;
    if (const auto parts = internal::split_setting(line); !parts.ok())
      return data_invalid(path + ", line " + std::to_string(number) + ": " +
                          parts.status().message());
    settings.push_back(line);
  }
  return settings;
}

}  // namespace crossfade
