// A part is known by what lies there: a folder is a model, Parquet a table, anything else lines.
#include "crossfade/cli/flows_file.h"

#include <algorithm>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/base/toml.h"
#include "crossfade/cli/lists_for_bundle.h"
#include "crossfade/io/file_kind.h"

namespace crossfade {
namespace {

std::string beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

bool take_prefix(std::string& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

bool take_suffix(std::string& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.resize(text.size() - suffix.size());
  return true;
}

// The part that a key of botify's configuration names, or "" if it names none.
std::string part_of_key(std::string key) {
  if (key == "TOP_TRACKS" || key == "TOP_TRACKS_CATALOG") return "top";
  if (key == "RECOMMENDATIONS_FILE_PATH") return "recommendations";
  if (!take_prefix(key, "RECOMMENDATIONS_") && !key.starts_with("TRACKS_WITH_")) return "";
  if (!take_suffix(key, "_FILE_PATH")) take_suffix(key, "_CATALOG");
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

}  // namespace

Result<FlowsFile> read_flows_file(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  auto document = parse_toml(text);
  if (!document.ok()) return document.status().at(path);
  FlowsFile file;
  for (const auto& [key, value] : *document->root.as_object())
    if (key != "parts" && key != "flows" && key != "experiments")
      return unknown_name("table", key, {"parts", "flows", "experiments"}).at(path);
  const Json& parts = document->root["parts"];
  if (!parts.is_null() && !parts.is_object())
    return usage_error(path + ": 'parts' is a table of names and files");
  if (const auto* members = parts.as_object())
    for (const auto& [name, value] : *members) {
      if (!value.as_string())
        return usage_error(path + ", line " + std::to_string(document->lines["parts." + name]) +
                           ": the part '" + name + "' is a file: write its path as a text");
      file.parts.emplace_back(name, beside(path, *value.as_string()));
    }
  file.plan = Json::object();
  for (const char* key : {"flows", "experiments"})
    if (const Json* value = document->root.find(key)) file.plan.set(key, *value);
  file.lines = std::move(document->lines);
  return file;
}

Result<BotifyConfig> read_botify_config(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  const auto json = parse_json(text);
  if (!json.ok()) return json.status().at(path);
  if (!json->is_object()) return data_invalid(path + ": a configuration is a JSON object");
  BotifyConfig config;
  for (const auto& [key, value] : *json->as_object()) {
    if (key.starts_with("REDIS_") || key.starts_with("DATA_LOG_")) continue;
    const std::string part = key == "TRACKS_CATALOG" ? "" : part_of_key(key);
    if (part.empty() && key != "TRACKS_CATALOG")
      return unknown_name("key of botify's configuration", key,
                          {"TRACKS_CATALOG", "TOP_TRACKS", "TOP_TRACKS_CATALOG",
                           "RECOMMENDATIONS_FILE_PATH", "RECOMMENDATIONS_LFM_FILE_PATH",
                           "RECOMMENDATIONS_SASREC_FILE_PATH", "RECOMMENDATIONS_HSTU_FILE_PATH"})
          .at(path);
    if (!value.as_string())
      return data_invalid(path + ": the key '" + key + "' is not the path of a file");
    const std::string file = beside(path, *value.as_string());
    if (part.empty())
      config.catalog = file;
    else
      config.parts.emplace_back(part, file);
  }
  return config;
}

Status add_parts(const NamedPaths& parts, BundleInput& input, Context& context) {
  for (const auto& [name, path] : parts) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    if (is_folder(path)) {
      auto model = read_bundle_model(path);
      if (!model.ok()) return model.status().at("part '" + name + "'");
      model->part = name;
      input.models.push_back(*std::move(model));
      continue;
    }
    const bool table = kind_of_name(path) == FileKind::kParquet;
    auto lists = table ? read_list_table(path, context) : read_list_file(path);
    if (!lists.ok()) return lists.status().at("part '" + name + "'");
    input.parts.push_back({name, *std::move(lists), path});
  }
  return ok_status();
}

}  // namespace crossfade
