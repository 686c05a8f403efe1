// The one file that knows toml++: walks its tree into our Json and sorts members by their place in
// the file (the library sorts them by name).
#include "crossfade/base/toml.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/impl/preprocessor.h>
// Version 3.3 promises the compiler that a key begins with a character of keys, and then meets one
// that does not ("[t.\\x01"): promise nothing, and its own error for that case is reached.
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(expression) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

namespace crossfade {
namespace {

template <class T>
std::string written(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

class Walk {
 public:
  explicit Walk(TomlDocument& document) : document_(document) {}

  Json value(const toml::node& node, const std::string& path) {
    if (const auto* table = node.as_table()) return object(*table, path);
    if (const auto* array = node.as_array()) {
      Json list = Json::array();
      for (const toml::node& entry : *array) list.push(value(entry, path));
      return list;
    }
    if (const auto* text = node.as_string()) return Json(text->get());
    if (const auto* integer = node.as_integer()) return Json(std::int64_t{integer->get()});
    if (const auto* number = node.as_floating_point()) return Json(number->get());
    if (const auto* flag = node.as_boolean()) return Json(flag->get());
    if (const auto* date = node.as_date()) return Json(written(date->get()));
    if (const auto* time = node.as_time()) return Json(written(time->get()));
    return Json(written(node.as_date_time()->get()));
  }

  Json object(const toml::table& table, const std::string& path) {
    std::vector<std::pair<toml::source_position, const toml::key*>> order;
    for (const auto& [key, node] : table) order.emplace_back(key.source().begin, &key);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Json members = Json::object();
    for (const auto& [place, key] : order) {
      const std::string name(key->str());
      const std::string inner = path.empty() ? name : path + "." + name;
      document_.lines[inner] = place.line;
      members.set(name, value(*table.get(name), inner));
    }
    return members;
  }

 private:
  TomlDocument& document_;
};

}  // namespace

Result<TomlDocument> parse_toml(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::source_position place = parsed.error().source().begin;
    return data_invalid("line " + std::to_string(place.line) + ", column " +
                        std::to_string(place.column) + ": " +
                        std::string(parsed.error().description()));
  }
  TomlDocument document;
  document.root = Walk(document).object(parsed.table(), "");
  return document;
}

Json parse_toml_value(const std::string& text) {
  const auto parsed = parse_toml("value = " + text);
  // "1\nother = 2" is no value.
  if (!parsed.ok() || parsed->root.as_object()->size() != 1) return Json(text);
  return parsed->root["value"];
}

}  // namespace crossfade
