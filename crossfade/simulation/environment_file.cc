// A stack of open sections and their indentations.
#include "crossfade/simulation/environment_file.h"

#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The value behind a key: quotes taken off, or the comment behind it.
Result<std::string> read_value(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text[0] == '#') return std::string();
  if (text[0] == '"' || text[0] == '\'') {
    const std::size_t end = text.find(text[0], 1);
    const std::string_view rest =
        end == std::string_view::npos ? "" : trimmed(text.substr(end + 1));
    if (end == std::string_view::npos || (!rest.empty() && rest[0] != '#'))
      return data_invalid("the quotes do not match");
    return std::string(text.substr(1, end - 1));
  }
  if (std::string_view("[{|>&*!%@`").find(text[0]) != std::string_view::npos)
    return data_invalid("'" + std::string(text) +
                        "' is a form of YAML that is not read here; write plain values");
  return std::string(trimmed(text.substr(0, text.find(" #"))));
}

using Settings = std::map<std::string, std::string>;

// The values by "section.key"; deeper ones by "section.part.key".
Result<Settings> read_settings(const std::string& text) {
  struct Section {
    std::size_t indent;
    std::string prefix;  // of the keys in it
  };
  Settings settings;
  std::vector<Section> open{{0, ""}};
  std::string pending;  // a key without a value: a section if the next line stands further right
  std::size_t pending_indent = 0;
  std::int64_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const std::string where = "line " + std::to_string(number);
    const std::string_view content = trimmed(line);
    if (content.empty() || content[0] == '#' || content == "---") continue;
    const std::size_t indent = line.find_first_not_of(' ');
    if (line[indent] == '\t') return data_invalid(where + ": tabs do not indent YAML; use spaces");
    if (!pending.empty() && indent > pending_indent) open.push_back({indent, pending + "."});
    pending.clear();
    while (open.size() > 1 && indent < open.back().indent) open.pop_back();
    const std::size_t colon = content.find(':');
    if (indent != open.back().indent || colon == std::string_view::npos || content[0] == '-')
      return data_invalid(where + ": '" + std::string(content) +
                          "' is not 'key: value' within its section");
    const std::string key = open.back().prefix + std::string(trimmed(content.substr(0, colon)));
    const auto value = read_value(content.substr(colon + 1));
    if (!value.ok()) return value.status().at(where);
    settings[key] = *value;
    if (value->empty()) {
      pending = key;
      pending_indent = indent;
    }
  }
  return settings;
}

std::string setting(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? "" : found->second;
}

Status read_default(const Settings& settings, const std::string& name, double& field) {
  const std::string text = setting(settings, "user_catalog_config.default_" + name);
  if (text.empty()) return ok_status();
  const auto value = parse_double(text);
  if (!value || !std::isfinite(*value))
    return data_invalid("default_" + name + " is '" + text + "', not a number");
  field = *value;
  return ok_status();
}

Status read_count(const Settings& settings, const std::string& name, std::int32_t& field) {
  double value = field;
  CROSSFADE_RETURN_IF_ERROR(read_default(settings, name, value));
  if (value != std::floor(value) || value < 1 || value > std::numeric_limits<std::int32_t>::max())
    return data_invalid("default_" + name + " has to be a whole number from 1");
  field = static_cast<std::int32_t>(value);
  return ok_status();
}

Result<Environment> environment_of(const Settings& settings) {
  const auto first_of = [&](const std::string& one, const std::string& other) {
    const std::string text = setting(settings, one);
    return text.empty() ? setting(settings, other) : text;
  };
  Environment environment;
  environment.paths = {
      first_of("track_catalog_config.tracks_path", "track_catalog_config.track_meta_path"),
      setting(settings, "user_catalog_config.user_catalog_path"),
      first_of("track_catalog_config.tracks_embeddings_path",
               "track_catalog_config.track_embeddings_path")};
  Temper& defaults = environment.defaults;
  CROSSFADE_RETURN_IF_ERROR(read_default(settings, "consume_bias", defaults.bias));
  CROSSFADE_RETURN_IF_ERROR(read_default(settings, "consume_sharpness", defaults.sharpness));
  CROSSFADE_RETURN_IF_ERROR(read_default(settings, "artist_discount_gamma", defaults.gamma));
  CROSSFADE_RETURN_IF_ERROR(read_count(settings, "session_budget", defaults.budget));
  CROSSFADE_RETURN_IF_ERROR(read_count(settings, "interest_neighbours", defaults.neighbours));
  if (defaults.gamma < 0 || defaults.gamma > 1)
    return data_invalid("default_artist_discount_gamma has to be from 0 to 1");
  const std::string host = setting(settings, "remote_recommender_config.host");
  const std::string port = setting(settings, "remote_recommender_config.port");
  if (!host.empty()) environment.url = "http://" + host + (port.empty() ? "" : ":" + port);
  return environment;
}

}  // namespace

Result<Environment> read_environment(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  const auto settings = read_settings(text);
  if (!settings.ok()) return settings.status().at(path);
  auto environment = environment_of(*settings);
  if (!environment.ok()) return environment.status().at(path);
  return environment;
}

}  // namespace crossfade
