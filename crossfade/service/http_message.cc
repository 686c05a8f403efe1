// The small texts of HTTP: reasons, escapes and dates.
#include "crossfade/service/http_message.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "crossfade/base/json.h"

namespace crossfade {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void set_error(HttpResponse& response, int status, std::string_view message) {
  response.clear();
  response.status = status;
  Json error = Json::object();
  error.set("message", message);
  Json answer = Json::object();
  answer.set("error", std::move(error));
  response.body = to_text(answer, true) + "\n";
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

std::string http_date(std::int64_t seconds) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text;
}

void split_target(HttpRequest& request, std::string& decoded) {
  std::string_view path = request.target;
  if (const std::size_t scheme = path.find("://");
      scheme != std::string_view::npos && path.front() != '/') {
    const std::size_t slash = path.find('/', scheme + 3);
    path = slash == std::string_view::npos ? "/" : path.substr(slash);
  }
  if (const std::size_t mark = path.find('?'); mark != std::string_view::npos) {
    request.query = path.substr(mark + 1);
    path = path.substr(0, mark);
  }
  if (path.find('%') != std::string_view::npos) {
    decoded = percent_decoded(path);
    path = decoded;
  }
  request.path = path;
}

void ResponseWriter::set_time(std::int64_t seconds) {
  if (seconds == seconds_) return;
  seconds_ = seconds;
  date_ = http_date(seconds);
  usual_head_.clear();
  std::string head;
  append_head(200, HttpResponse::kJson, head);
  usual_head_ = std::move(head);
}

// Everything up to the digits of Content-Length.
void ResponseWriter::append_head(int status, std::string_view content_type,
                                 std::string& out) const {
  if (status == 200 && content_type == HttpResponse::kJson && !usual_head_.empty()) {
    out += usual_head_;
    return;
  }
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ");
  out.append(reason_phrase(status)).append("\r\nServer: crossfade\r\nDate: ").append(date_);
  out.append("\r\nContent-Type: ").append(content_type).append("\r\nContent-Length: ");
}

void ResponseWriter::append(const HttpResponse& response, const Form& form,
                            std::string& out) const {
  append_head(response.status, response.content_type, out);
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, response.body.size()).ptr);
  out += "\r\n";
  if (!response.allow.empty()) out.append("Allow: ").append(response.allow).append("\r\n");
  if (!form.keep_alive)
    out += "Connection: close\r\n";
  else if (form.http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
  if (!form.head_only) out += response.body;
}

}  // namespace crossfade
