// A recursive-descent reader of RFC 8259's grammar with Python's additions. It keeps the last value
// of the two members it looks for and skips everything else.
#include "crossfade/service/played_body.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "crossfade/service/python_text.h"

namespace crossfade {
namespace {

constexpr int kMaxDepth = 512;
constexpr std::size_t kMaxDigits = 4300;  // Python refuses to convert longer integers
constexpr std::string_view kNotSent = "Missing required parameter in the JSON body";

enum class Kind { kMissing, kBool, kInt, kFloat, kText, kList, kDict };

struct Value {
  Kind kind = Kind::kMissing;  // also for null
  bool yes = false;
  std::string_view number;  // as written
  std::string text;         // decoded
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  // False: json.loads would raise.
  bool read() {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
    skip_space();
    const bool good = !rest_.empty() && rest_[0] == '{' ? read_object(1, true) : skip_value(0);
    skip_space();
    return good && rest_.empty();
  }

  Value track, time;

 private:
  void skip_space() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
      rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool skip_value(int depth) {
    Value ignored;
    return read_value(depth, ignored);
  }

  bool read_value(int depth, Value& value);
  bool read_object(int depth, bool outermost);
  bool read_array(int depth);
  bool read_number(Value& value);
  bool read_text(std::string& text);
  bool read_escape(std::string& text);
  bool read_unit(char32_t& unit);

  std::string_view rest_;
};

bool Reader::read_value(int depth, Value& value) {
  if (depth > kMaxDepth || rest_.empty()) return false;
  switch (rest_[0]) {
    case '{':
      value.kind = Kind::kDict;
      return read_object(depth + 1, false);
    case '[':
      value.kind = Kind::kList;
      return read_array(depth + 1);
    case '"':
      value.kind = Kind::kText;
      return read_text(value.text);
    case 't':
    case 'f':
      value.kind = Kind::kBool;
      value.yes = rest_[0] == 't';
      return take(value.yes ? "true" : "false");
    case 'n':
      value.kind = Kind::kMissing;
      return take("null");
    default:
      return read_number(value);
  }
}

bool Reader::read_object(int depth, bool outermost) {
  rest_.remove_prefix(1);
  skip_space();
  if (take("}")) return true;
  std::string key;
  while (true) {
    key.clear();
    if (rest_.empty() || rest_[0] != '"' || !read_text(key)) return false;
    skip_space();
    if (!take(":")) return false;
    skip_space();
    Value value;
    if (!read_value(depth, value)) return false;
    if (outermost && key == "track") track = std::move(value);
    if (outermost && key == "time") time = std::move(value);
    skip_space();
    if (take("}")) return true;
    if (!take(",")) return false;
    skip_space();
  }
}

bool Reader::read_array(int depth) {
  rest_.remove_prefix(1);
  skip_space();
  if (take("]")) return true;
  while (true) {
    if (!skip_value(depth)) return false;
    skip_space();
    if (take("]")) return true;
    if (!take(",")) return false;
    skip_space();
  }
}

bool Reader::read_number(Value& value) {
  const std::string_view start = rest_;
  const auto finish = [&](Kind kind) {
    value.kind = kind;
    value.number = start.substr(0, start.size() - rest_.size());
    return true;
  };
  if (take("NaN") || take("Infinity") || take("-Infinity")) return finish(Kind::kFloat);
  const auto digits = [&](std::string_view from) {
    const std::size_t end = from.find_first_not_of("0123456789");
    return end == std::string_view::npos ? from.size() : end;
  };
  take("-");
  const std::size_t whole = digits(rest_);
  if (whole == 0) return false;
  rest_.remove_prefix(rest_[0] == '0' ? 1 : whole);  // what follows a leading 0 is an error later
  bool fraction = false;
  if (rest_.starts_with(".") && digits(rest_.substr(1)) > 0) {
    rest_.remove_prefix(1 + digits(rest_.substr(1)));
    fraction = true;
  }
  if (rest_.starts_with("e") || rest_.starts_with("E")) {
    const bool sign = rest_.size() > 1 && (rest_[1] == '+' || rest_[1] == '-');
    const std::size_t exponent = digits(rest_.substr(sign ? 2 : 1));
    if (exponent > 0) {
      rest_.remove_prefix((sign ? 2 : 1) + exponent);
      fraction = true;
    }
  }
  if (!fraction && whole > kMaxDigits) return false;
  return finish(fraction ? Kind::kFloat : Kind::kInt);
}

bool Reader::read_text(std::string& text) {
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const auto byte = static_cast<unsigned char>(rest_[0]);
    if (byte == '"') {
      rest_.remove_prefix(1);
      return true;
    }
    if (byte < 0x20) return false;
    if (byte == '\\') {
      rest_.remove_prefix(1);
      if (!read_escape(text)) return false;
    } else {
      text += rest_[0];
      rest_.remove_prefix(1);
    }
  }
  return false;
}

bool Reader::read_escape(std::string& text) {
  if (rest_.empty()) return false;
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (const std::size_t at = kNames.find(rest_[0]); at != std::string_view::npos) {
    text += kMeanings[at];
    rest_.remove_prefix(1);
    return true;
  }
  char32_t unit = 0;
  if (!take("u") || !read_unit(unit)) return false;
  if (unit >= 0xD800 && unit < 0xDC00 && rest_.starts_with("\\u")) {
    const std::string_view before = rest_;
    rest_.remove_prefix(2);
    char32_t low = 0;
    if (!read_unit(low)) return false;
    if (low >= 0xDC00 && low < 0xE000) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    } else {
      rest_ = before;
    }
  }
  append_code_point(unit, text);
  return true;
}

bool Reader::read_unit(char32_t& unit) {
  if (rest_.size() < 4) return false;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, value, 16);
  if (error != std::errc() || end != rest_.data() + 4) return false;
  unit = value;
  rest_.remove_prefix(4);
  return true;
}

// UTF-8 as Python's decoder takes it here: surrogates pass, anything else that is wrong does not.
bool is_decodable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t before = at;
    if (next_code_point(text, at) == 0xFFFD && text.substr(before, 3) != "\xEF\xBF\xBD")
      return false;
  }
  return true;
}

double as_double(std::string_view number) {
  if (number == "NaN") return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  // Out of range: strtod tells too large (infinity) from too small (0).
  return error == std::errc() ? value : std::strtod(std::string(number).c_str(), nullptr);
}

// int(x) of a finite float.
ExternalId truncated(double value) {
  value = std::trunc(value);
  if (std::fabs(value) < 9.2e18) return static_cast<std::int64_t>(value);
  char digits[400];
  std::snprintf(digits, sizeof digits, "%.0f", value);
  return std::string(digits);
}

std::string not_a(const char* wanted, Kind kind) {
  return std::string(wanted) + ", not '" + (kind == Kind::kList ? "list" : "dict") + "'";
}

// The track, or the message that says why there is none.
std::optional<ExternalId> track_of(const Value& value, std::string& message) {
  switch (value.kind) {
    case Kind::kBool:
      return ExternalId(std::int64_t{value.yes});
    case Kind::kInt:
      return id_of_digits(std::string(value.number));
    case Kind::kFloat: {
      const double number = as_double(value.number);
      if (std::isfinite(number)) return truncated(number);
      message = std::string("cannot convert float ") + (std::isnan(number) ? "NaN" : "infinity") +
                " to integer";
      return std::nullopt;
    }
    case Kind::kText: {
      auto number = python_int(value.text);
      const std::string quoted = python_repr(value.text);
      if (!number)
        message =
            "invalid literal for int() with base 10: " + std::string(first_characters(quoted, 200));
      return number;
    }
    case Kind::kMissing:
      message = kNotSent;
      return std::nullopt;
    default:
      message = not_a("int() argument must be a string, a bytes-like object or a real number",
                      value.kind);
      return std::nullopt;
  }
}

std::optional<double> time_of(const Value& value, std::string& message) {
  switch (value.kind) {
    case Kind::kBool:
      return value.yes ? 1.0 : 0.0;
    case Kind::kInt: {
      const double number = as_double(value.number);
      if (std::isfinite(number)) return number;
      message = "int too large to convert to float";
      return std::nullopt;
    }
    case Kind::kFloat:
      return as_double(value.number);
    case Kind::kText: {
      const auto number = python_float(value.text);
      if (!number) message = "could not convert string to float: " + python_repr(value.text);
      return number;
    }
    case Kind::kMissing:
      message = kNotSent;
      return std::nullopt;
    default:
      message = not_a("float() argument must be a string or a real number", value.kind);
      return std::nullopt;
  }
}

}  // namespace

PlayedBody read_played_body(std::string_view body) {
  PlayedBody result;
  Reader reader(body);
  if (!is_decodable(body) || !reader.read()) {
    result.message = "The browser (or proxy) sent a request that this server could not understand.";
    return result;
  }
  const auto track = track_of(reader.track, result.message);
  if (!track) {
    result.wrong_field = "track";
    return result;
  }
  const auto time = time_of(reader.time, result.message);
  if (!time) {
    result.wrong_field = "time";
    return result;
  }
  result.played = Played{*track, *time};
  return result;
}

}  // namespace crossfade
