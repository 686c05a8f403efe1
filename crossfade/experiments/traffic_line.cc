// The cursor below knows the published form only; whatever surprises it is the strict parser's.
#include "crossfade/experiments/traffic_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace crossfade {
namespace {

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool literal(std::string_view expected) {
    if (static_cast<std::size_t>(end_ - at_) < expected.size() ||
        std::string_view(at_, expected.size()) != expected)
      return false;
    at_ += expected.size();
    return true;
  }

  template <class Number>
  bool number(Number& value) {
    // from_chars takes more than JSON has: "inf", "007", "1.", "1.e5"
    const char* first = at_ < end_ && *at_ == '-' ? at_ + 1 : at_;
    if (first == end_ || !is_digit(*first)) return false;
    if (*first == '0' && first + 1 < end_ && is_digit(first[1])) return false;
    const auto read = std::from_chars(at_, end_, value);
    if (read.ec != std::errc() || !is_digit(read.ptr[-1])) return false;
    const char* point = std::find(first, read.ptr, '.');
    if (point != read.ptr && !is_digit(point[1])) return false;
    at_ = read.ptr;
    return true;
  }

  // A user's number; its digits, where 64 bits do not hold it.
  bool user(std::int64_t& number_of, std::string& digits) {
    digits.clear();
    const char* start = at_;
    if (number(number_of)) return true;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    digits.assign(start, at_);
    number_of = 0;
    return at_ > start;
  }

  // A text of ASCII without escapes, up to its closing quote.
  bool text(std::string_view& value) {
    if (!literal("\"")) return false;
    const char* start = at_;
    while (at_ < end_ && *at_ != '"' && *at_ != '\\' && *at_ >= 0x20) ++at_;
    if (at_ == end_ || *at_ != '"') return false;
    value = {start, static_cast<std::size_t>(at_ - start)};
    ++at_;
    return true;
  }

  bool at_end() const { return at_ == end_; }

 private:
  const char* at_;
  const char* end_;
};

// False if the time does not fit into nanoseconds.
bool set_time(std::int64_t time_ms, TrafficLine& line) {
  constexpr std::int64_t kMostMs = std::int64_t{250} * 365 * 86'400'000;
  if (time_ms < -kMostMs || time_ms > kMostMs) return false;
  line.time_ns = time_ms * kNsPerMs;
  return true;
}

bool read_experiments(Cursor& cursor, TrafficLine& line) {
  line.experiments.clear();
  if (!cursor.literal("{")) return false;
  if (cursor.literal("}")) return true;
  do {
    std::string_view name, treatment;
    if (!cursor.text(name) || !cursor.literal(": ") || !cursor.text(treatment)) return false;
    line.experiments.emplace_back(name, treatment_from_name(treatment));
  } while (cursor.literal(", "));
  return cursor.literal("}");
}

Status read_user(const Json& json, TrafficLine& line) {
  const Json& user = json["user"];
  line.text_user.clear();
  if (const auto* number = user.as_int()) {
    line.user = *number;
  } else if (const auto* text = user.as_string(); text && !text->empty()) {
    const auto as_int = as_number(ExternalId(*text));
    line.user = as_int.value_or(0);
    if (!as_int) line.text_user = *text;
  } else {
    return data_invalid("the member 'user' is missing or is no id");
  }
  return ok_status();
}

// A number that may be missing or null.
Status read_optional(const Json& json, std::string_view key, double& value) {
  const Json& member = json[key];
  value = std::numeric_limits<double>::quiet_NaN();
  if (member.is_null()) return ok_status();
  if (!member.is_number())
    return data_invalid("the member '" + std::string(key) + "' is no number");
  value = member.number();
  return ok_status();
}

Status read_named_experiments(const Json& json, TrafficLine& line) {
  line.experiments.clear();
  line.names.clear();
  const Json& experiments = json["experiments"];
  if (experiments.is_null()) return ok_status();
  if (!experiments.is_object()) return data_invalid("the member 'experiments' is no object");
  line.names.reserve(experiments.as_object()->size());  // views of them are handed out
  for (const auto& [name, treatment] : *experiments.as_object()) {
    if (!treatment.as_string())
      return data_invalid("the treatment of the experiment '" + name + "' is no text");
    line.names.push_back(name);
    line.experiments.emplace_back(line.names.back(), treatment_from_name(*treatment.as_string()));
  }
  return ok_status();
}

}  // namespace

bool read_published_line(std::string_view text, TrafficLine& line) {
  Cursor cursor(text);
  if (!cursor.literal("{\"message\": \"")) return false;
  if (cursor.literal("next"))
    line.is_last = false;
  else if (cursor.literal("last"))
    line.is_last = true;
  else
    return false;
  line.propensity = std::numeric_limits<double>::quiet_NaN();
  std::int64_t time_ms = 0;
  const bool head = cursor.literal("\", \"timestamp\": ") && cursor.number(time_ms) &&
                    cursor.literal(", \"user\": ") && cursor.user(line.user, line.text_user) &&
                    cursor.literal(", \"track\": ") && cursor.number(line.track) &&
                    cursor.literal(", \"time\": ") && cursor.number(line.share) &&
                    cursor.literal(", \"latency\": ") && cursor.number(line.latency_s) &&
                    cursor.literal(", \"recommendation\": ");
  if (!head || !set_time(time_ms, line)) return false;
  if (cursor.literal("null"))
    line.recommendation = kNoTrack;
  else if (!cursor.number(line.recommendation))
    return false;
  if (!cursor.literal(", \"experiments\": ") || !read_experiments(cursor, line)) return false;
  if (cursor.literal(", \"propensity\": ") && !cursor.number(line.propensity)) return false;
  return cursor.literal("}") && cursor.at_end() && std::isfinite(line.share);
}

Status read_any_line(std::string_view text, TrafficLine& line) {
  CROSSFADE_ASSIGN_OR_RETURN(const Json json, parse_json(text));
  const std::string* message = json["message"].as_string();
  if (message == nullptr || (*message != "next" && *message != "last"))
    return data_invalid("the member 'message' is neither next nor last");
  line.is_last = *message == "last";
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t time_ms, json.int_at("timestamp"));
  if (!set_time(time_ms, line))
    return data_invalid("the member 'timestamp' is not within 250 years of 1970");
  CROSSFADE_RETURN_IF_ERROR(read_user(json, line));
  CROSSFADE_ASSIGN_OR_RETURN(line.track, json.int_at("track"));
  CROSSFADE_ASSIGN_OR_RETURN(line.share, json.number_at("time"));
  if (!std::isfinite(line.share)) return data_invalid("the member 'time' is not finite");
  CROSSFADE_RETURN_IF_ERROR(read_optional(json, "latency", line.latency_s));
  CROSSFADE_RETURN_IF_ERROR(read_optional(json, "propensity", line.propensity));
  const Json& recommendation = json["recommendation"];
  line.recommendation = recommendation.as_int() ? *recommendation.as_int() : kNoTrack;
  if (!recommendation.is_null() && !recommendation.as_int())
    return data_invalid("the member 'recommendation' is neither a track nor null");
  return read_named_experiments(json, line);
}

}  // namespace crossfade
