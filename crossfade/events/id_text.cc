// Appending to one string, so that a record costs no allocation of its own.
#include "crossfade/events/id_text.h"

#include <algorithm>
#include <charconv>

namespace crossfade {
namespace {

bool is_usual(char c) {
  return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
}

}  // namespace

std::string& RecordText::key(std::string_view name) {
  out_ += empty_ ? "{\"" : ", \"";
  empty_ = false;
  out_ += name;
  return out_ += "\": ";
}

void RecordText::end() {
  out_ += empty_ ? "{}" : "}";
}

void append_json_text(std::string_view text, std::string& out) {
  if (!std::all_of(text.begin(), text.end(), is_usual)) {
    out += to_text(Json(text), /*ascii=*/true);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append_json_id(const ExternalId& id, std::string& out) {
  if (const auto* text = std::get_if<std::string>(&id)) return append_json_text(*text, out);
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, std::get<std::int64_t>(id)).ptr);
}

void append_treatments(std::span<const Treatment> treatments, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < treatments.size(); ++i) {
    if (i > 0) out += ", ";
    append_json_text(treatments[i].experiment, out);
    out += ": ";
    append_json_text(treatments[i].name, out);
  }
  out += '}';
}

Result<ExternalId> id_at(const Json& record, std::string_view key) {
  const Json& id = record[key];
  if (const auto* number = id.as_int()) return ExternalId(*number);
  if (const auto* text = id.as_string()) return ExternalId(*text);
  return data_invalid("the member '" + std::string(key) + "' is missing or is not an id");
}

}  // namespace crossfade
