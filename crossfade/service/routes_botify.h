// botify's four routes, byte for byte: GET /, GET /track/<int>, POST /next/<int>, POST /last/<int>.
//
// The oracle is Flask 2.2.2 with Werkzeug 2.2.2 and Flask-RESTful 0.3.9: see
// tests/service/make_botify_expectations.py, whose recorded answers the tests replay. On purpose
// different: a `null` (which the original stores and then fails on for ten requests) and a body
// that is no object or list (which it fails on) are answered as a missing field, and /next always
// answers a track: the recommender's, else one of the catalogue chosen by the track just played.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/events/data_log.h"
#include "crossfade/service/backend.h"
#include "crossfade/service/http_message.h"

namespace crossfade {

class BotifyRoutes {
 public:
  // Tracks are the items of `domain` ("" = the first). `log` takes a line per play that was
  // answered with 200, as the original's does; null: none is kept. All must outlive this.
  BotifyRoutes(Backend& backend, const Clock& clock, std::string domain, DataLog* log = nullptr)
      : backend_(backend), clock_(clock), domain_(std::move(domain)), log_(log) {}

  // Answers every path, with the original's 404 page where it is none of the four. Thread-safe.
  void handle(const HttpRequest& request, HttpResponse& response) const;

 private:
  void show_track(const ExternalId& track, HttpResponse& response) const;
  void take_play(const HttpRequest& request, const ExternalId& user, bool wants_next,
                 HttpResponse& response) const;
  struct Next {
    std::int64_t track = 0;
    double propensity = 1;
    std::vector<Treatment> treatments;
  };
  Next next_track(const Event& play) const;

  Backend& backend_;
  const Clock& clock_;
  const std::string domain_;
  DataLog* log_;
};

}  // namespace crossfade
