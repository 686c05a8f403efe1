// One pass each; see utf8.h.
#include "crossfade/base/utf8.h"

namespace crossfade {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_between(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}

// The second byte tells overlong forms, surrogates and what lies beyond U+10FFFF.
bool fits_second(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return is_between(second, 0xA0, 0xBF);
    case 0xED:
      return is_between(second, 0x80, 0x9F);
    case 0xF0:
      return is_between(second, 0x90, 0xBF);
    case 0xF4:
      return is_between(second, 0x80, 0x8F);
    default:
      return is_between(second, 0x80, 0xBF);
  }
}

// C0, DEL and (as two bytes of UTF-8) C1, which terminals obey as well.
bool is_control(std::string_view point) {
  const auto first = static_cast<unsigned char>(point[0]);
  if (point.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(point[1]) < 0xA0;
}

void append_visible(std::string_view control, std::string& out) {
  switch (control.back()) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(control.back());
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  if (!is_between(first, 0xC2, 0xF4)) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + length > text.size() || !fits_second(first, byte(at + 1))) return 0;
  for (std::size_t i = at + 2; i < at + length; ++i)
    if (!is_between(byte(i), 0x80, 0xBF)) return 0;
  return length;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    valid += length == 0 ? kReplacement : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return valid;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const std::string_view point = length == 0 ? kReplacement : text.substr(at, length);
    if (is_control(point) && !(keep_lines && point == "\n"))
      append_visible(point, shown);
    else
      shown += point;
    at += length == 0 ? 1 : length;
  }
  return shown;
}

}  // namespace crossfade
