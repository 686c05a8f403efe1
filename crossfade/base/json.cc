// Parsing is nlohmann's SAX parser feeding our value type; printing is ours, because the form of
// numbers, separators and escapes is part of a protocol (Python's json.dumps).
#include "crossfade/base/json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"

namespace crossfade {
namespace {

constexpr std::size_t kMaxDepth = 64;

// A key that comes twice keeps its first place and its last value. n log n in the members, so that
// a stranger's object of a hundred thousand keys is not a hundred thousand searches.
void merge_repeats(Json::Object& members) {
  if (members.size() < 2) return;
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return members[a].first < members[b].first;
  });
  std::vector<std::uint8_t> repeats(members.size(), 0);
  bool any = false;
  for (std::size_t i = 0, first = 0; i < order.size(); ++i) {
    if (i == 0 || members[order[i]].first != members[order[first]].first) {
      first = i;
      continue;
    }
    members[order[first]].second = std::move(members[order[i]].second);
    repeats[order[i]] = 1;
    any = true;
  }
  if (!any) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (repeats[i] != 0) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.resize(kept);
}

class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return value <= INT64_MAX ? add(Json(static_cast<std::int64_t>(value)))
                              : add(Json(static_cast<double>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error_ = "not valid JSON at byte " + std::to_string(position);
    return false;
  }

  Json root;
  std::string error_ = "not valid JSON";

 private:
  struct Level {
    bool is_object = false;
    Json::Object members;
    Json elements = Json::array();
    std::string key;
  };

  bool add(Json value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().elements.push(std::move(value));
    }
    return true;
  }
  bool open(bool is_object) {
    if (open_.size() == kMaxDepth) {
      error_ = "JSON nested deeper than 64 levels";
      return false;
    }
    open_.emplace_back().is_object = is_object;
    return true;
  }
  bool close() {
    Level level = std::move(open_.back());
    open_.pop_back();
    if (!level.is_object) return add(std::move(level.elements));
    merge_repeats(level.members);
    return add(Json(std::move(level.members)));
  }

  std::vector<Level> open_;
};

struct Style {
  bool ascii = false;
  bool pretty = false;
};

void escape_unit(std::uint32_t unit, std::string& out) {
  char buffer[12];
  std::snprintf(buffer, sizeof buffer, "\\u%04x", unit);
  out += buffer;
}

// The code point at text[at], moving `at` past it; U+FFFD for a byte that belongs to none. Lone
// surrogates pass: Python has them in its texts, and its protocol shows them as escapes.
std::uint32_t decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t length = utf8_length(text, at);
  const bool surrogate = length == 0 && at + 2 < text.size() && byte(at) == 0xED &&
                         (byte(at + 1) & 0xE0) == 0xA0 && (byte(at + 2) & 0xC0) == 0x80;
  if (surrogate) length = 3;
  if (length == 0) {
    ++at;
    return 0xFFFD;
  }
  std::uint32_t point = length == 1 ? byte(at) : byte(at) & (0xFF >> (length + 1));
  for (std::size_t i = at + 1; i < at + length; ++i) point = point << 6 | (byte(i) & 0x3F);
  at += length;
  return point;
}

// What is not ASCII: escaped, or as it is where it is UTF-8.
void print_beyond_ascii(std::string_view text, std::size_t& at, bool ascii, std::string& out) {
  if (!ascii) {
    const std::size_t length = utf8_length(text, at);
    out += length == 0 ? "\xEF\xBF\xBD" : text.substr(at, length);
    at += length == 0 ? 1 : length;
    return;
  }
  const std::uint32_t point = decode(text, at);
  if (point >= 0x10000) {
    escape_unit(0xD800 + ((point - 0x10000) >> 10), out);
    escape_unit(0xDC00 + ((point - 0x10000) & 0x3FF), out);
  } else {
    escape_unit(point, out);
  }
}

void print_string(const std::string& text, bool ascii, std::string& out) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      print_beyond_ascii(text, at, ascii, out);
      continue;
    }
    ++at;
    if (c == 0x7F && ascii) {  // Python's ensure_ascii keeps the characters from space to tilde
      escape_unit(0x7F, out);
      continue;
    }
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          escape_unit(static_cast<unsigned char>(c), out);
        else
          out += c;
    }
  }
  out += '"';
}

void print_number(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::string text = format_shortest(value);
  out += text;
  if (text.find_first_of(".e") == std::string::npos) out += ".0";
}

void print(const Json& json, Style style, int depth, std::string& out);

void new_line(Style style, int depth, std::string& out) {
  if (style.pretty) out += "\n" + std::string(static_cast<std::size_t>(depth) * 2, ' ');
}

void print_object(const Json::Object& members, Style style, int depth, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += style.pretty ? "," : ", ";
    new_line(style, depth + 1, out);
    print_string(members[i].first, style.ascii, out);
    out += ": ";
    print(members[i].second, style, depth + 1, out);
  }
  if (!members.empty()) new_line(style, depth, out);
  out += '}';
}

void print_array(const Json::Array& elements, Style style, int depth, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out += style.pretty ? "," : ", ";
    new_line(style, depth + 1, out);
    print(elements[i], style, depth + 1, out);
  }
  if (!elements.empty()) new_line(style, depth, out);
  out += ']';
}

void print(const Json& json, Style style, int depth, std::string& out) {
  if (const auto* members = json.as_object()) return print_object(*members, style, depth, out);
  if (const auto* elements = json.as_array()) return print_array(*elements, style, depth, out);
  if (const auto* text = json.as_string()) return print_string(*text, style.ascii, out);
  if (const auto* boolean = json.as_bool()) {
    out += *boolean ? "true" : "false";
  } else if (const auto* integer = json.as_int()) {
    out += std::to_string(*integer);
  } else if (json.is_number()) {
    print_number(json.number(), out);
  } else {
    out += "null";
  }
}

Status wrong_member(std::string_view key, const char* type) {
  return data_invalid("the member '" + std::string(key) + "' is missing or is not " + type);
}

}  // namespace

double Json::number() const {
  if (const auto* integer = as_int()) return static_cast<double>(*integer);
  const double* value = std::get_if<double>(&value_);
  return value ? *value : 0;
}

const Json* Json::find(std::string_view key) const {
  const Object* members = as_object();
  if (!members) return nullptr;
  for (const Member& member : *members)
    if (member.first == key) return &member.second;
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json kNull;
  const Json* value = find(key);
  return value ? *value : kNull;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object();
  auto& members = std::get<Object>(value_);
  for (Member& member : members) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  members.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array();
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

Result<std::int64_t> Json::int_at(std::string_view key) const {
  const auto* value = (*this)[key].as_int();
  if (!value) return wrong_member(key, "an integer");
  return *value;
}

Result<double> Json::number_at(std::string_view key) const {
  const Json& value = (*this)[key];
  if (!value.is_number()) return wrong_member(key, "a number");
  return value.number();
}

Result<std::string> Json::string_at(std::string_view key) const {
  const auto* value = (*this)[key].as_string();
  if (!value) return wrong_member(key, "a text");
  return *value;
}

Result<Json> parse_json(std::string_view text) {
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return data_invalid(builder.error_);
  return std::move(builder.root);
}

std::string to_text(const Json& json, bool ascii) {
  std::string out;
  print(json, {ascii, false}, 0, out);
  return out;
}

std::string to_pretty_text(const Json& json) {
  std::string out;
  print(json, {false, true}, 0, out);
  return out + "\n";
}

}  // namespace crossfade
