// Crossfade's own routes: POST /v1/recommend, POST /v1/events, GET /v1/similar, GET /health/*.
//
// Every refusal is {"error": {"message": "<a sentence that says what to do>"}}. A member or
// parameter that we do not know is an error that names the nearest one, so that a misspelt
// "keep_sen" cannot silently mean its default. README.md has the tables of members and limits.
#pragma once

#include "crossfade/base/clock.h"
#include "crossfade/service/backend.h"
#include "crossfade/service/http_message.h"

namespace crossfade {

struct V1Limits {
  std::int64_t k = 1000;
  std::int64_t events_at_once = 1000;
  std::int64_t excluded = 10000;
  std::int64_t id_bytes = 512;
};

class V1Routes {
 public:
  // Both must outlive this object.
  V1Routes(Backend& backend, const Clock& clock, V1Limits limits = {});

  // Answers paths that begin with /v1/ or /health/. Thread-safe.
  void handle(const HttpRequest& request, HttpResponse& response) const;

 private:
  void recommend(const HttpRequest& request, HttpResponse& response) const;
  void take_events(const HttpRequest& request, HttpResponse& response) const;
  void similar(const HttpRequest& request, HttpResponse& response) const;
  void info(const HttpRequest& request, HttpResponse& response) const;

  Backend& backend_;
  const Clock& clock_;
  const V1Limits limits_;
  const std::int64_t start_ns_;
};

}  // namespace crossfade
