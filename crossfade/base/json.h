// Json: a small value type for manifests, settings, answers and --json output.
//
// Objects keep the order in which keys were added, so that what we write is stable and readable.
// The parser and the printer stand in json.cc, because the library behind them is slow to compile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;                                             // null
  Json(bool value) : value_(value) {}                           // NOLINT: implicit on purpose
  Json(std::int64_t value) : value_(value) {}                   // NOLINT
  Json(int value) : value_(std::int64_t{value}) {}              // NOLINT
  Json(double value) : value_(value) {}                         // NOLINT
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Json(Array value) : value_(std::move(value)) {}               // NOLINT
  Json(Object value) : value_(std::move(value)) {}              // NOLINT
  static Json array() { return Json(Array()); }
  static Json object() { return Json(Object()); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }

  // The value as that type, or nullptr.
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&value_); }
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  const Array* as_array() const { return std::get_if<Array>(&value_); }
  const Object* as_object() const { return std::get_if<Object>(&value_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(value_); }
  // Any number as a double; 0 if it is none (ask is_number first).
  double number() const;

  // A member of an object; null if there is none or this is no object.
  const Json& operator[](std::string_view key) const;
  const Json* find(std::string_view key) const;
  // Adds or replaces a member; a null becomes an object first.
  Json& set(std::string_view key, Json value);
  // Appends to an array; a null becomes an array first.
  Json& push(Json value);

  bool operator==(const Json& other) const { return value_ == other.value_; }

  // Members that a file must have, as that type; the error names the member.
  Result<std::int64_t> int_at(std::string_view key) const;
  Result<double> number_at(std::string_view key) const;
  Result<std::string> string_at(std::string_view key) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// An array of values that are Json or become it: texts, numbers.
template <class Values>
Json json_list(const Values& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push(value);
  return list;
}

// Strict JSON, UTF-8, nesting up to 64 deep; a key that comes twice keeps its last value.
// Integers outside 64 bits become doubles. Errors name the byte.
Result<Json> parse_json(std::string_view text);

// One line, ", " and ": " between tokens; `ascii` escapes what is not a printable
// character of ASCII as \uXXXX. Numbers are the shortest that read back (a double keeps a ".0", as
// in Python); NaN and infinity are null. Always valid UTF-8: a byte that is none becomes U+FFFD.
std::string to_text(const Json& json, bool ascii = false);
// Two spaces of indentation per level, for files that people read; ends with a line break.
std::string to_pretty_text(const Json& json);

}  // namespace crossfade
