// Bodies in and out of the HTTP client.
#include "crossfade/simulation/door_http.h"

#include <charconv>
#include <utility>

#include "crossfade/base/json.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// Takes `text` from the front of `rest`.
bool skip(std::string_view text, std::string_view& rest) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

std::optional<std::int64_t> take_int(std::string_view& rest) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc()) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return value;
}

// The form that the original and our own service write; nearly all answers have it.
std::optional<std::int64_t> read_usual_form(std::string_view body) {
  if (!skip("{\"user\": ", body) || !take_int(body) || !skip(", \"track\": ", body))
    return std::nullopt;
  const auto track = take_int(body);
  return body == "}\n" || body == "}" ? track : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> read_next_track(std::string_view body) {
  if (const auto track = read_usual_form(body)) return track;
  const auto json = parse_json(body);
  const std::int64_t* track = json.ok() ? (*json)["track"].as_int() : nullptr;
  return track ? std::optional(*track) : std::nullopt;
}

std::string played_text(const Heard& heard) {
  std::string text = "{\"track\": " + std::to_string(heard.track) + ", \"time\": ";
  append_python_float(heard.time, text);
  return text + "}";
}

HttpDoor::HttpDoor(const HttpUrl& url, std::int64_t listeners)
    : prefix_(url.path),
      host_(url.host.find(':') == std::string::npos ? url.host + ":" + url.port
                                                    : "[" + url.host + "]:" + url.port),
      is_last_(static_cast<std::size_t>(listeners)) {}

Result<std::unique_ptr<HttpDoor>> HttpDoor::create(const HttpUrl& url, std::int64_t listeners,
                                                   const HttpClientLimits& limits,
                                                   const Clock& clock) {
  auto door = std::unique_ptr<HttpDoor>(new HttpDoor(url, listeners));
  CROSSFADE_ASSIGN_OR_RETURN(
      HttpClient client,
      HttpClient::create(url, listeners, limits, clock,
                         [at = door.get()](const HttpReply& http) { at->take(http); }));
  door->client_.emplace(std::move(client));
  return door;
}

void HttpDoor::ask(const Inquiry& inquiry) {
  is_last_[static_cast<std::size_t>(inquiry.listener)] = inquiry.last;
  const std::string body = played_text(inquiry.heard);
  request_ = "POST ";
  request_ += prefix_ + (inquiry.last ? "/last/" : "/next/") + std::to_string(inquiry.heard.user);
  request_ += " HTTP/1.1\r\nHost: " + host_;
  request_ += "\r\nContent-Type: application/json\r\nContent-Length: ";
  request_ += std::to_string(body.size()) + "\r\n\r\n" + body;
  client_->send(inquiry.listener, request_);
}

void HttpDoor::take(const HttpReply& http) {
  Reply reply{http.connection, http.loss, -1, http.latency_s};
  if (http.loss == Loss::kNone && http.status != 200) reply.loss = Loss::kStatus;
  if (reply.loss == Loss::kNone && !is_last_[static_cast<std::size_t>(http.connection)]) {
    const auto track = read_next_track(http.body);
    if (track)
      reply.track = *track;
    else
      reply.loss = Loss::kGarbage;
  }
  replies_.push_back(reply);
}

Status HttpDoor::wait(std::vector<Reply>& replies) {
  if (replies_.empty()) client_->wait();
  replies.insert(replies.end(), replies_.begin(), replies_.end());
  replies_.clear();
  return ok_status();
}

}  // namespace crossfade
