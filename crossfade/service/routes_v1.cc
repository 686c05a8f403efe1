// Method, content type and JSON are checked here, the members in v1_body.cc.
#include "crossfade/service/routes_v1.h"

#include <algorithm>

#include "crossfade/service/v1_body.h"

namespace crossfade {
namespace {

// The user's mistakes are 400; a full disk or a log that cannot be written passes: 503.
void answer_status(const Status& status, HttpResponse& response) {
  const bool users =
      status.kind() == StatusKind::kUsage || status.kind() == StatusKind::kDataInvalid;
  set_error(response, users ? 400 : 503, status.message());
}

void answer_json(const Json& json, HttpResponse& response) {
  response.body = to_text(json);
  response.body += '\n';
}

// True: the method fits. Otherwise OPTIONS or 405 has been answered.
bool check_method(const HttpRequest& request, bool reads, HttpResponse& response) {
  const std::string_view allow = reads ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
  if (reads ? request.method == "GET" || request.method == "HEAD" : request.method == "POST")
    return true;
  if (request.method != "OPTIONS")
    set_error(response, 405, std::string(request.path) + " takes " + std::string(allow) + ".");
  response.allow = allow;
  return false;
}

// The body as JSON, or the answer that says why not.
std::optional<Json> read_body(const HttpRequest& request, HttpResponse& response) {
  std::string type(request.content_type.substr(0, request.content_type.find(';')));
  type.erase(std::remove_if(type.begin(), type.end(), [](char c) { return c == ' '; }), type.end());
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (type != "application/json") {
    set_error(response, 415, "Send the header Content-Type: application/json.");
    return std::nullopt;
  }
  auto body = parse_json(request.body);
  if (!body.ok()) {
    set_error(response, 400, "The body is " + body.status().message() + ".");
    return std::nullopt;
  }
  return std::move(*body);
}

}  // namespace

V1Routes::V1Routes(Backend& backend, const Clock& clock, V1Limits limits)
    : backend_(backend), clock_(clock), limits_(limits), start_ns_(clock.steady_ns()) {}

void V1Routes::handle(const HttpRequest& request, HttpResponse& response) const {
  const std::string_view path = request.path;
  if (path == "/v1/recommend") return recommend(request, response);
  if (path == "/v1/events") return take_events(request, response);
  if (path == "/v1/similar") return similar(request, response);
  if (path == "/health/info") return info(request, response);
  if (path == "/health/live" || path == "/health/ready") {
    // Listening begins when everything is loaded, so who can ask is answered "ready".
    if (check_method(request, true, response))
      response.body =
          path == "/health/live" ? "{\"status\": \"alive\"}\n" : "{\"status\": \"ready\"}\n";
    return;
  }
  set_error(response, 404,
            "There is no " + std::string(path) +
                "; the routes are POST /v1/recommend, POST /v1/events, GET /v1/similar, "
                "GET /health/live, GET /health/ready, GET /health/info.");
}

void V1Routes::recommend(const HttpRequest& request, HttpResponse& response) const {
  if (!check_method(request, false, response)) return;
  const auto body = read_body(request, response);
  if (!body) return;
  auto asked = read_recommend_body(*body, limits_);
  if (!asked.ok()) return answer_status(asked.status(), response);
  asked->time_ns = clock_.now_ns();
  const auto slate = backend_.recommend(*asked);
  if (!slate.ok()) return answer_status(slate.status(), response);
  answer_json(Json::object().set("user", to_json(asked->user)).set("items", to_json(*slate)),
              response);
}

void V1Routes::take_events(const HttpRequest& request, HttpResponse& response) const {
  if (!check_method(request, false, response)) return;
  const auto body = read_body(request, response);
  if (!body) return;
  const auto events = read_events_body(*body, limits_, clock_.now_ns());
  if (!events.ok()) return answer_status(events.status(), response);
  const Status kept = backend_.observe(*events);
  if (!kept.ok()) return answer_status(kept, response);
  answer_json(Json::object().set("accepted", static_cast<std::int64_t>(events->size())), response);
}

void V1Routes::similar(const HttpRequest& request, HttpResponse& response) const {
  if (!check_method(request, true, response)) return;
  const auto query = read_similar_query(request.query, limits_);
  if (!query.ok()) return answer_status(query.status(), response);
  const auto slate = backend_.similar(query->item, query->domain, query->k);
  if (!slate.ok()) return answer_status(slate.status(), response);
  answer_json(Json::object().set("item", to_json(query->item)).set("items", to_json(*slate)),
              response);
}

void V1Routes::info(const HttpRequest& request, HttpResponse& response) const {
  if (!check_method(request, true, response)) return;
  const double uptime_s = static_cast<double>(clock_.steady_ns() - start_ns_) / 1e9;
  answer_json(Json::object()
                  .set("version", CROSSFADE_VERSION)
                  .set("uptime_s", uptime_s)
                  .set("serving", backend_.describe()),
              response);
}

}  // namespace crossfade
