// Walks a Json and replaces.
#include "crossfade/base/path_names.h"

namespace crossfade {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

std::string with_names(std::string text, const PathNames& names) {
  for (const auto& [path, name] : names) replace_all(text, path, name);
  return text;
}

Json with_names(const Json& json, const PathNames& names) {
  if (const std::string* text = json.as_string()) return with_names(*text, names);
  if (const Json::Array* entries = json.as_array()) {
    Json named = Json::array();
    for (const Json& entry : *entries) named.push(with_names(entry, names));
    return named;
  }
  if (const Json::Object* members = json.as_object()) {
    Json named = Json::object();
    for (const auto& [key, value] : *members) named.set(key, with_names(value, names));
    return named;
  }
  return json;
}

}  // namespace crossfade
