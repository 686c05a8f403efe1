// Python's rules are followed in Python's order: texts beyond ASCII first have their spaces and
// digits replaced by ASCII ones, then white space is stripped, then the grammar is read.
#include "crossfade/service/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iterator>

namespace crossfade {
namespace {

// The digit zero of every script (Unicode 14, general category Nd); nine digits follow each.
constexpr std::array<char32_t, 65> kZeros = {
    0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,   0xC66,
    0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,  0x1810,
    0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
    0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC,
    0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0};

// Assigned code points that repr() escapes (categories Cc, Cf, Cs, Co, Zl, Zp and Zs): first, last.
struct Span {
  char32_t first, last;
};
constexpr std::array<Span, 27> kNotPrintable = {
    {{0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},      {0x61C, 0x61C},
     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},      {0x8E2, 0x8E2},
     {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},    {0x2028, 0x202F},
     {0x205F, 0x2064},   {0x2066, 0x206F},   {0x3000, 0x3000},    {0xD800, 0xF8FF},
     {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},  {0x110CD, 0x110CD},
     {0x13430, 0x13438}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},  {0xE0001, 0xE0001},
     {0xE0020, 0xE007F}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The value of a digit of any script, or -1.
int decimal_of(char32_t point) {
  if (point < 0x80) return point >= '0' && point <= '9' ? static_cast<int>(point - '0') : -1;
  const auto after = std::upper_bound(kZeros.begin(), kZeros.end(), point);
  if (after == kZeros.begin()) return -1;
  const char32_t value = point - *std::prev(after);
  return value < 10 ? static_cast<int>(value) : -1;
}

bool is_space(char32_t point) {
  return point == 0x85 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

bool is_printable(char32_t point) {
  if (point < 0x7F) return point >= 0x20;
  const auto span =
      std::lower_bound(kNotPrintable.begin(), kNotPrintable.end(), point,
                       [](const Span& one, char32_t value) { return one.last < value; });
  return span == kNotPrintable.end() || point < span->first;
}

// ASCII with the same meaning; '?' where there is none.
std::string to_ascii(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string ascii;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    const int digit = decimal_of(point);
    ascii += point < 0x80      ? static_cast<char>(point)
             : is_space(point) ? ' '
             : digit >= 0      ? static_cast<char>('0' + digit)
                               : '?';
  }
  return ascii;
}

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\n\v\f\r";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// Without underscores, each of which must stand between two digits; nothing if one does not.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
      continue;
    }
    const bool between =
        i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (!between) return std::nullopt;
  }
  return plain;
}

// How many digits stand at the front; they are taken away.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

bool is_float_literal(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower == "inf" || lower == "infinity" || lower == "nan") return true;
  std::size_t digits = take_digits(text);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return text.empty();
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return take_digits(text) > 0 && text.empty();
}

void append_escape(char32_t point, std::string& out) {
  char escape[16];
  const char* form = point <= 0xFF ? "\\x%02x" : point <= 0xFFFF ? "\\u%04x" : "\\U%08x";
  std::snprintf(escape, sizeof escape, form, static_cast<unsigned>(point));
  out += escape;
}

}  // namespace

std::optional<ExternalId> python_int(std::string_view text) {
  const std::string ascii = to_ascii(text);
  std::string_view rest = stripped(ascii);
  const bool negative = !rest.empty() && rest[0] == '-';
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) rest.remove_prefix(1);
  const auto digits = without_underscores(rest);
  if (!digits || digits->empty() || !std::all_of(digits->begin(), digits->end(), is_digit))
    return std::nullopt;
  return id_of_digits((negative ? "-" : "") + *digits);
}

std::optional<ExternalId> python_digits(std::string_view text) {
  std::string digits;
  for (std::size_t at = 0; at < text.size();) {
    const int digit = decimal_of(next_code_point(text, at));
    if (digit < 0) return std::nullopt;
    digits += static_cast<char>('0' + digit);
  }
  if (digits.empty()) return std::nullopt;
  return id_of_digits(std::move(digits));
}

std::optional<double> python_float(std::string_view text) {
  const std::string ascii = to_ascii(text);
  const auto literal = without_underscores(stripped(ascii));
  if (!literal || !is_float_literal(*literal)) return std::nullopt;
  return std::strtod(literal->c_str(), nullptr);
}

std::string python_repr(std::string_view text) {
  const bool double_quotes =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string out(1, quote);
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next_code_point(text, at);
    if (point == static_cast<char32_t>(quote) || point == '\\') {
      out += '\\';
      out += static_cast<char>(point);
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\r') {
      out += "\\r";
    } else if (point == '\t') {
      out += "\\t";
    } else if (is_printable(point)) {
      append_code_point(point, out);
    } else {
      append_escape(point, out);
    }
  }
  return out += quote;
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) next_code_point(text, at);
  return text.substr(0, at);
}

ExternalId id_of_digits(std::string digits) {
  const bool negative = !digits.empty() && digits[0] == '-';
  const std::size_t first = std::min(digits.find_first_not_of('0', negative), digits.size());
  digits.erase(negative, first - negative);
  if (digits.size() == static_cast<std::size_t>(negative)) return std::int64_t{0};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) return value;
  return digits;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF5   ? 3
                   : first >= 0xE0 && first < 0xF0 ? 2
                   : first >= 0xC2 && first < 0xE0 ? 1
                                                   : 0;
  if (more == 0 || at + static_cast<std::size_t>(more) > text.size()) return 0xFFFD;
  char32_t point = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    const unsigned char next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return 0xFFFD;
    point = point << 6 | (next & 0x3F);
  }
  const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  if (overlong || point > 0x10FFFF) return 0xFFFD;
  at += static_cast<std::size_t>(more);
  return point;
}

void append_code_point(char32_t point, std::string& out) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

}  // namespace crossfade
