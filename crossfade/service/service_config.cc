// A reader of "--name value" over the knobs: CLI11 would be slow to compile, and knows less.
#include "crossfade/service/service_config.h"

#include <algorithm>
#include <optional>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

const std::string kProgram = "crossfade-serve";

// "max_body_bytes" <-> "--max-body-bytes", and CROSSFADE_SERVE_MAX_BODY_BYTES.
std::string option_of(const std::string& knob) {
  std::string option = "--" + knob;
  std::replace(option.begin(), option.end(), '_', '-');
  return option;
}
std::string variable_of(const std::string& knob) {
  std::string variable = "CROSSFADE_SERVE_" + knob;
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return variable;
}

std::string range_of(const KnobInfo& knob) {
  if (knob.type == "choice") return "text";
  return format_shortest(knob.range.low) + " to " + format_shortest(knob.range.high);
}

std::string help_text() {
  std::string text =
      "usage: crossfade-serve BUNDLE [options]\n\n"
      "Serves a bundle over HTTP until SIGTERM or Ctrl-C. Prints one line of JSON when it is "
      "ready.\n\n";
  const auto add = [&](std::string head, const std::string& help) {
    head.resize(std::max<std::size_t>(head.size() + 2, 36), ' ');
    text += "  " + head + help + "\n";
  };
  for (const KnobInfo& knob : list_knobs<ServiceConfig>()) {
    const auto* words = knob.value.as_string();
    const std::string value = words ? *words : to_text(knob.value);
    add(option_of(knob.name) + (value.empty() ? "" : " " + value),
        knob.help + " (" + range_of(knob) + ")");
  }
  add("--config FILE", "a JSON object of these settings, named with _ for -, and \"bundle\"");
  add("--help, --version", "print this, or the version, and end");
  return text + "\nEvery setting is also read from the environment: CROSSFADE_SERVE_PORT=5001.\n";
}

Status apply(ServiceConfig& config, const std::string& knob, const std::string& value) {
  return apply_settings(config, kProgram, {knob + "=" + value});
}

Status apply_file(ServiceConfig& config, const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  const auto json = parse_json(text);
  if (!json.ok()) return json.status().at(path);
  if (!json->is_object()) return data_invalid(path + ": a configuration is a JSON object");
  for (const auto& [name, value] : *json->as_object()) {
    const auto* words = value.as_string();
    if (name == "bundle" && words) {
      config.bundle = *words;
      continue;
    }
    if (!words && !value.is_number() && !value.as_bool())
      return usage_error(path + ": the setting '" + name + "' must be a text or a number");
    if (const Status status = apply(config, name, words ? *words : to_text(value)); !status.ok())
      return status.at(path);
  }
  return ok_status();
}

// The command line as it stands, before anything is applied.
struct Words {
  std::string bundle, config_file;
  std::vector<std::pair<std::string, std::string>> settings;  // knob, value
  bool help = false, version = false;
};

Result<Words> read_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> options = {"--config", "--help", "--version"};
  for (const KnobInfo& knob : list_knobs<ServiceConfig>()) options.push_back(option_of(knob.name));
  Words words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--help" || word == "-h") {
      words.help = true;
    } else if (word == "--version") {
      words.version = true;
    } else if (!word.starts_with("-")) {
      if (!words.bundle.empty())
        return usage_error("one bundle is served, and two are given: '" + words.bundle + "' and '" +
                           word + "'");
      words.bundle = word;
    } else {
      const std::size_t equals = std::min(word.find('='), word.size());
      const std::string option = word.substr(0, equals);
      if (std::find(options.begin(), options.end(), option) == options.end())
        return unknown_name("option of " + kProgram, option, options);
      if (equals == word.size() && i + 1 == arguments.size())
        return usage_error("the option " + option + " needs a value");
      const std::string value = equals < word.size() ? word.substr(equals + 1) : arguments[++i];
      std::string knob = option.substr(2);
      std::replace(knob.begin(), knob.end(), '-', '_');
      if (option == "--config")
        words.config_file = value;
      else
        words.settings.emplace_back(knob, value);
    }
  }
  return words;
}

}  // namespace

Result<ServiceLine> parse_service_line(const std::vector<std::string>& arguments,
                                       const std::function<const char*(const char*)>& environment) {
  CROSSFADE_ASSIGN_OR_RETURN(const Words words, read_words(arguments));
  ServiceLine line;
  if (words.help || words.version) {
    line.text = words.help ? help_text() : kProgram + " " CROSSFADE_VERSION "\n";
    return line;
  }
  ServiceConfig& config = line.config;
  if (!words.config_file.empty()) CROSSFADE_RETURN_IF_ERROR(apply_file(config, words.config_file));
  for (const KnobInfo& knob : list_knobs<ServiceConfig>()) {
    const std::string variable = variable_of(knob.name);
    if (const char* value = environment(variable.c_str()))
      if (const Status status = apply(config, knob.name, value); !status.ok())
        return status.at(variable);
  }
  for (const auto& [knob, value] : words.settings)
    CROSSFADE_RETURN_IF_ERROR(apply(config, knob, value));
  if (!words.bundle.empty()) config.bundle = words.bundle;
  if (config.bundle.empty())
    return usage_error(
        "which bundle? Write crossfade-serve BUNDLE; `crossfade bundle create` makes one");
  return line;
}

}  // namespace crossfade
