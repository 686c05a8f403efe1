// The order of checks is the original's: path (404), method (405), content type and JSON (400),
// then the fields one by one.
#include "crossfade/service/routes_botify.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "crossfade/service/played_body.h"
#include "crossfade/service/python_text.h"

namespace crossfade {
namespace {

constexpr std::string_view kHello =
    "{\"status\": \"alive\", \"message\": \"welcome to botify, the best toy music recommender\"}\n";
constexpr std::string_view kWrongMethod =
    "{\"message\": \"The method is not allowed for the requested URL.\"}\n";
constexpr std::string_view kNotFound =
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    "<p>The requested URL was not found on the server. If you entered the URL manually please "
    "check your spelling and try again.</p>\n";
constexpr std::string_view kReadMethods = "GET, HEAD, OPTIONS";
constexpr std::string_view kPlayMethods = "POST, OPTIONS";

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// Flask's is_json: application/json or application/<anything>+json, whatever parameters follow.
bool is_json(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find_first_of(";,"));
  while (!content_type.empty() && (content_type.back() == ' ' || content_type.back() == '\t'))
    content_type.remove_suffix(1);
  constexpr std::string_view kPrefix = "application/", kSuffix = "+json";
  if (content_type.size() < kPrefix.size() ||
      !equals_ignoring_case(content_type.substr(0, kPrefix.size()), kPrefix))
    return false;
  content_type.remove_prefix(kPrefix.size());
  if (equals_ignoring_case(content_type, "json")) return true;
  return content_type.size() >= kSuffix.size() &&
         equals_ignoring_case(content_type.substr(content_type.size() - kSuffix.size()), kSuffix);
}

void append_id(const ExternalId& id, std::string& out) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, *number).ptr);
  } else {
    out += std::get<std::string>(id);  // digits: an integer beyond 64 bits
  }
}

// True: the method is one of the route's. Otherwise OPTIONS or 405 has been answered.
bool check_method(const HttpRequest& request, bool reads, HttpResponse& response) {
  // The original's router does not mind "get".
  const auto is = [&](std::string_view lower) {
    return equals_ignoring_case(request.method, lower);
  };
  if (reads ? is("get") || is("head") : is("post")) return true;
  response.allow = reads ? kReadMethods : kPlayMethods;
  if (is("options")) {
    response.content_type = HttpResponse::kHtml;
  } else {
    response.status = 405;
    response.body = kWrongMethod;
  }
  return false;
}

void answer_not_found(HttpResponse& response) {
  response.status = 404;
  response.content_type = HttpResponse::kHtml;
  response.body = kNotFound;
}

void answer_wrong_body(const PlayedBody& body, HttpResponse& response) {
  response.status = 400;
  Json message(body.message);
  if (!body.wrong_field.empty()) message = Json::object().set(body.wrong_field, Json(body.message));
  response.body = to_text(Json::object().set("message", std::move(message)), true) + "\n";
}

// The events' weight is the share that was played. What is no share is brought into its range:
// the original takes any number here, and a NaN would spoil every sum it meets.
double share_played(double time) {
  return std::isnan(time) ? 0 : std::clamp(time, 0.0, 1.0);
}

}  // namespace

void BotifyRoutes::handle(const HttpRequest& request, HttpResponse& response) const {
  const std::string_view path = request.path;
  if (path == "/") {
    if (check_method(request, true, response)) response.body = kHello;
    return;
  }
  const auto id_behind = [&](std::string_view prefix) -> std::optional<ExternalId> {
    if (!path.starts_with(prefix)) return std::nullopt;
    return python_digits(path.substr(prefix.size()));
  };
  if (const auto next_user = id_behind("/next/")) {
    if (check_method(request, false, response)) take_play(request, *next_user, true, response);
  } else if (const auto last_user = id_behind("/last/")) {
    if (check_method(request, false, response)) take_play(request, *last_user, false, response);
  } else if (const auto track = id_behind("/track/")) {
    if (check_method(request, true, response)) show_track(*track, response);
  } else {
    answer_not_found(response);
  }
}

void BotifyRoutes::show_track(const ExternalId& track, HttpResponse& response) const {
  const auto* number = std::get_if<std::int64_t>(&track);
  const auto card = number ? backend_.track(*number) : std::nullopt;
  if (!card) {
    response.status = 404;
    response.body = "{\"description\": \"Track not found\"}\n";
    return;
  }
  response.body = "{\"track\": ";
  append_id(track, response.body);
  response.body.append(", \"artist\": ").append(to_text(Json(card->artist), true));
  response.body.append(", \"title\": ").append(to_text(Json(card->title), true));
  response.body += ", \"recommendations\": [";
  for (std::size_t i = 0; i < card->recommendations.size(); ++i) {
    if (i > 0) response.body += ", ";
    append_id(card->recommendations[i], response.body);
  }
  response.body += "]}\n";
}

void BotifyRoutes::take_play(const HttpRequest& request, const ExternalId& user, bool wants_next,
                             HttpResponse& response) const {
  const std::int64_t start_ns = clock_.steady_ns();
  // Without the content type of JSON the original reads no body, as if it were not JSON.
  const PlayedBody body =
      read_played_body(is_json(request.content_type) ? request.body : std::string_view());
  if (!body.played) return answer_wrong_body(body, response);
  Event event;
  event.user = user;
  event.domain = domain_;
  event.item = body.played->track;
  event.time_ns = clock_.now_ns();
  event.weight = share_played(body.played->time);
  event.kind = wants_next ? kPlayed : kPlayedLast;
  // A play that cannot be kept (ids of hundreds of digits) must not cost the listener the answer;
  // but where the log's disk is full, silence would lose events.
  const Status kept = backend_.observe(std::span(&event, 1));
  if (!kept.ok() && kept.kind() != StatusKind::kUsage)
    return set_error(response, 503, kept.message());
  Next next;
  response.body = "{\"user\": ";
  append_id(user, response.body);
  if (wants_next) {
    next = next_track(event);
    response.body += ", \"track\": ";
    append_id(next.track, response.body);
  } else if (log_) {
    next.treatments = backend_.treatments(user);
  }
  response.body += "}\n";
  if (!log_) return;
  DataLogLine line;
  line.last = !wants_next;
  line.timestamp_ms = event.time_ns / 1'000'000;
  line.user = user;
  line.track = event.item;
  line.time = body.played->time;
  line.recommendation = next.track;
  line.treatments = next.treatments;
  if (wants_next) line.propensity = next.propensity;
  line.latency_s = static_cast<double>(clock_.steady_ns() - start_ns) / 1e9;
  log_->add(line);
}

BotifyRoutes::Next BotifyRoutes::next_track(const Event& play) const {
  Request request;
  request.user = play.user;
  request.domain = domain_;
  request.k = 1;
  request.played = JustPlayed{play.item, play.weight};
  request.time_ns = play.time_ns;
  Next next;
  auto answer = backend_.next(request);
  if (answer.ok()) {
    next.treatments = std::move(answer->treatments);
    for (const SlateItem& item : answer->items) {
      const auto* track = std::get_if<std::int64_t>(&item.item);
      if (!track || *track < 0) continue;
      next.track = *track;
      next.propensity = item.propensity;
      return next;
    }
  }
  // The recommender has nothing: the catalogue's next track, else its first.
  const auto* number = std::get_if<std::int64_t>(&play.item);
  if (number && *number >= 0 && *number < INT64_MAX && backend_.track(*number + 1))
    next.track = *number + 1;
  return next;
}

}  // namespace crossfade
