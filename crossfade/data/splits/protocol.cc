// Finding protocols, and their record beside a split.
#include "crossfade/data/splits/protocol.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

Json to_json(const Conventions& conventions) {
  return Json::object()
      .set("seen_items", conventions.keep_seen ? "kept" : "left out")
      .set("lists_from", conventions.fold_in ? "fold_in" : "train")
      .set("k", json_list(conventions.ks))
      .set("metrics", json_list(conventions.metrics))
      .set("notes", json_list(conventions.notes));
}

// Members that are missing or of another type are left at their defaults: any manifest reads.
Conventions conventions_from_json(const Json& json) {
  Conventions conventions;
  const auto is = [&](const char* member, const char* text) {
    const std::string* value = json[member].as_string();
    return value && *value == text;
  };
  conventions.keep_seen = is("seen_items", "kept");
  conventions.fold_in = is("lists_from", "fold_in");
  if (const auto* ks = json["k"].as_array())
    for (const Json& k : *ks)
      if (const auto* number = k.as_int(); number && *number > 0) conventions.ks.push_back(*number);
  for (const auto& [member, texts] :
       {std::pair("metrics", &conventions.metrics), std::pair("notes", &conventions.notes)})
    if (const auto* list = json[member].as_array())
      for (const Json& entry : *list)
        if (const auto* text = entry.as_string()) texts->push_back(*text);
  return conventions;
}

}  // namespace

Result<Protocol> find_protocol(const std::string& name) {
  std::vector<std::string> names;
  for (Protocol& protocol : protocols()) {
    if (protocol.name == name) return std::move(protocol);
    names.push_back(protocol.name);
  }
  return unknown_name("protocol", name, names);
}

std::string describe_protocols() {
  std::string text;
  for (const Protocol& protocol : protocols()) {
    std::string line = "  " + protocol.name;
    line.resize(std::max<std::size_t>(line.size() + 2, 26), ' ');
    text += line + protocol.summary + "\n";
  }
  return text;
}

Json to_json(const Protocol& protocol) {
  return Json::object()
      .set("name", protocol.name)
      .set("source", protocol.source)
      .set("conventions", to_json(protocol.conventions));
}

std::string conventions_text(const std::string& name, const Conventions& conventions) {
  std::vector<std::string> ks;
  for (const std::int64_t k : conventions.ks) ks.push_back(std::to_string(k));
  std::string text = "Protocol " + name + ": lists are made from " +
                     (conventions.fold_in ? "the fold-in part" : "train") + ", items seen before " +
                     (conventions.keep_seen ? "may come again (--keep-seen)" : "are left out") +
                     "; " + join(conventions.metrics, ", ") + " at " + join(ks, ", ") +
                     ", over all items.";
  for (const std::string& note : conventions.notes) text += "\n" + note;
  return text;
}

std::optional<SplitRecord> read_split_manifest(const std::string& text) {
  const auto json = parse_json(text);
  if (!json.ok()) return std::nullopt;
  const std::string* kind = (*json)["kind"].as_string();
  if (!kind || *kind != "split") return std::nullopt;
  const std::string* name = (*json)["protocol"]["name"].as_string();
  if (!name) return SplitRecord();
  return SplitRecord{*name, conventions_from_json((*json)["protocol"]["conventions"])};
}

Json split_manifest(const std::string& store_fingerprint, const SplitPlan& plan,
                    const std::optional<Protocol>& protocol, const SplitOutcome& outcome) {
  Json json = Json::object();
  json.set("kind", "split")
      .set("schema", 1)
      .set("engine", CROSSFADE_VERSION)
      .set("store", store_fingerprint)
      .set("plan", to_json(plan))
      .set("protocol", protocol ? to_json(*protocol) : Json())
      .set("filters", to_json(outcome.filters));
  const Json report = to_json(outcome.report);
  for (const auto& [member, value] : *report.as_object()) json.set(member, value);
  return json;
}

}  // namespace crossfade
