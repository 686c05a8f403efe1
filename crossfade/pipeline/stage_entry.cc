// Entries as JSON whose last member is a checksum over the rest.
#include "crossfade/pipeline/stage_entry.h"

#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"

namespace crossfade {

Status write_entry(const std::string& path, const StageEntry& entry) {
  Json json = Json::object()
                  .set("key", entry.key)
                  .set("output", to_json(entry.output))
                  .set("document", entry.document)
                  .set("page", entry.page)
                  .set("json", entry.json)
                  .set("seconds", entry.seconds)
                  .set("made_at_ns", entry.made_at_ns);
  json.set("checksum", sha256_hex(to_text(json)));
  return replace_file(path, to_pretty_text(json));
}

Result<StageEntry> read_entry(const std::string& path) {
  if (!path_exists(path)) return failed("there is no " + path);
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  const auto parsed = parse_json(text);
  const Json::Object* members = parsed.ok() ? parsed->as_object() : nullptr;
  if (!members) return data_invalid(path + " is damaged: it is no JSON object");
  Json rest = Json::object();
  for (const auto& [name, value] : *members)
    if (name != "checksum") rest.set(name, value);
  if ((*parsed)["checksum"] != Json(sha256_hex(to_text(rest))))
    return data_invalid(path + " is damaged: its checksum differs");
  StageEntry entry;
  entry.key = rest["key"];
  entry.output = content_from_json(rest["output"]);
  entry.document = rest["document"];
  entry.page = rest["page"];
  entry.json = rest["json"];
  entry.seconds = rest["seconds"].number();
  CROSSFADE_ASSIGN_OR_RETURN(entry.made_at_ns, rest.int_at("made_at_ns"));
  return entry;
}

namespace {

std::string short_text(const Json& value) {
  const std::string* text = value.as_string();
  const std::string whole = value.is_null() ? "nothing" : text ? *text : to_text(value);
  return whole.size() <= 60 ? whole : whole.substr(0, 57) + "...";
}

// The first member of `part` ("keys", "knobs") that differs.
std::string member_difference(const Json& before, const Json& now) {
  if (!now.is_object() || !before.is_object()) return "another form of key";
  for (const auto& [name, value] : *now.as_object())
    if (before[name] != value)
      return name + " was " + short_text(before[name]) + " and is " + short_text(value);
  return "fewer keys than before";
}

}  // namespace

std::string find_difference(const Json& before, const Json& now) {
  if (before == now) return "";
  for (const char* part : {"kind", "version", "engine", "processor"})
    if (before[part] != now[part])
      return std::string(part) + " was " + short_text(before[part]) + " and is " +
             short_text(now[part]);
  for (const char* part : {"keys", "knobs"})
    if (before[part] != now[part]) return member_difference(before[part], now[part]);
  const Json::Array* inputs = now["inputs"].as_array();
  const Json::Array* inputs_before = before["inputs"].as_array();
  if (inputs && inputs_before)
    for (std::size_t i = 0; i < inputs->size(); ++i)
      if (i >= inputs_before->size() || (*inputs_before)[i] != (*inputs)[i])
        return "its input " + short_text((*inputs)[i]["key"]) + " has changed (" +
               short_text((*inputs)[i]["name"]) + ")";
  return "it had other inputs";
}

}  // namespace crossfade
